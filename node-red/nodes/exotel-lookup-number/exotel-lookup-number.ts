/**
 * `exotel-lookup-number`: what is known about a phone number – telecom circle, operator, mobile or landline, and
 * whether it is on the do-not-disturb list.
 */
import { lookupNumber } from '../../../exotel/index';
import { connectionOf } from '../../account/account-connection';
import type { Red, RedNode, SavedConfig } from '../../host';
import { onMessage } from '../../messages/input';
import { statusLine } from '../../messages/status';
import { prepareFields } from '../../messages/typed-values';
import { migrateConfig } from '../../migration';
import { NodeScope } from '../../node-scope';

module.exports = function register(RED: Red): void {
	function ExotelLookupNumber(this: RedNode, saved: SavedConfig): void {
		RED.nodes.createNode(this, saved);
		const config = migrateConfig('exotel-lookup-number', saved);
		const scope = new NodeScope(RED, this);
		const status = statusLine(scope);
		const readFields = prepareFields(scope, config, lookupNumber.fields);

		onMessage(scope, status, async (msg, send, signal) => {
			const connection = connectionOf(RED, config['account']);
			const input = await readFields(msg);
			status.show('working', 'asking');
			const { result, raw, httpStatus, attempts } = await connection.perform(lookupNumber, input, {
				signal,
				onWait: ({ reason }) => status.show('waiting', `.${reason}`),
			});
			const { number, circle, operator, type, dnd } = result;
			msg.payload = { number, circle, operator, type, dnd };
			msg['exotel'] = { raw, httpStatus, attempts };
			status.show('good', dnd === true ? 'dnd' : 'found');
			send(msg);
		});
	}

	RED.nodes.registerType('exotel-lookup-number', ExotelLookupNumber);
};
