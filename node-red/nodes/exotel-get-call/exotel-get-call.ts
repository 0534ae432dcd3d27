/**
 * `exotel-get-call`: everything Exotel knows about one call. Calls placed between two numbers or with a flow live in
 * the v1 API, calls of agents in v2; `auto` reads the likelier one first and the other when the call is not there.
 */
import { findCall, getCall } from '../../../exotel/index';
import { connectionOf } from '../../account/account-connection';
import type { Red, RedNode, SavedConfig } from '../../host';
import { onMessage } from '../../messages/input';
import { likelyApi } from '../../messages/likely-api';
import { statusLine } from '../../messages/status';
import { prepareFields } from '../../messages/typed-values';
import { migrateConfig } from '../../migration';
import { NodeScope } from '../../node-scope';

module.exports = function register(RED: Red): void {
	function ExotelGetCall(this: RedNode, saved: SavedConfig): void {
		RED.nodes.createNode(this, saved);
		const config = migrateConfig('exotel-get-call', saved);
		const scope = new NodeScope(RED, this);
		const status = statusLine(scope);
		const readFields = prepareFields(scope, config, { ...getCall.fields, api: { label: 'API' } });

		onMessage(scope, status, async (msg, send, signal) => {
			const connection = connectionOf(RED, config['account']);
			const { api: wanted, ...input } = await readFields(msg);
			status.show('working', 'asking');
			const options = connection.sendOptions({
				signal,
				onWait: ({ reason }) => status.show('waiting', `.${reason}`),
			});
			const api = wanted === 'v1' || wanted === 'v2' ? wanted : 'auto';
			const where = { api, likely: likelyApi(msg.payload) } as const;
			const { result, raw, ...facts } = await findCall(connection.account, input, where, options);
			msg.payload = result;
			// Nothing here is named like a field: what one node says must not steer the next one.
			msg['exotel'] = { raw, ...facts };
			status.show(result.state === 'ended' ? 'good' : 'working', result.outcome ?? 'active');
			send(msg);
		});
	}

	RED.nodes.registerType('exotel-get-call', ExotelGetCall);
};
