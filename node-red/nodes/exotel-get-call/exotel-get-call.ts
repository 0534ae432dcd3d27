/**
 * `exotel-get-call`: everything Exotel knows about one call. Calls placed between two numbers or with a flow live in
 * the v1 API, calls of agents in v2; `auto` asks the likelier one first and the other when the call is not there.
 */
import { ExotelError, getAgentCall, getCall, type Call } from '../../../exotel/index';
import { connectionOf, type AccountConnection, type RequestOptions } from '../../account/account-connection';
import type { Config, Red, RedNode } from '../../host';
import { onMessage } from '../../messages/input';
import { statusLine } from '../../messages/status';
import { prepareFields } from '../../messages/typed-values';
import { migrateConfig } from '../../migration';
import { NodeScope } from '../../node-scope';

/** What a reading gives: the call, Exotel's own record, and how it was got. */
interface Reading {
	result: Call;
	raw: unknown;
	httpStatus: number;
	attempts: number;
}

type Api = Call['api'];
const OTHER: Record<Api, Api> = { v1: 'v2', v2: 'v1' };

module.exports = function register(RED: Red): void {
	function ExotelGetCall(this: RedNode, saved: Config): void {
		RED.nodes.createNode(this, saved);
		const config = migrateConfig('exotel-get-call', saved);
		const scope = new NodeScope(RED, this);
		const status = statusLine(scope);
		const readFields = prepareFields(RED, this, config, ['sid', 'details', 'recordingUrlValidityMinutes', 'api']);

		onMessage(scope, status, async (msg, send, signal) => {
			const connection = connectionOf(RED, config['account']);
			const { api: wanted, ...input } = await readFields(msg);
			status.show('working', 'asking');
			const options: RequestOptions = { signal, onWait: ({ reason }) => status.show('waiting', `.${reason}`) };
			const { result, raw, httpStatus, attempts } =
				wanted === 'v1' || wanted === 'v2'
					? await read(connection, wanted, input, options)
					: await readEither(connection, likelyApi(msg.payload), input, options);
			msg.payload = result;
			// Nothing here is named like a field: what one node says must not steer the next one.
			msg['exotel'] = { raw, httpStatus, attempts };
			status.show(result.state === 'ended' ? 'good' : 'working', result.outcome ?? 'active');
			send(msg);
		});
	}

	RED.nodes.registerType('exotel-get-call', ExotelGetCall);
};

/** A call that went through our nodes says itself where it lives. */
function likelyApi(payload: unknown): Api {
	return (payload as { api?: unknown } | null | undefined)?.api === 'v2' ? 'v2' : 'v1';
}

async function read(
	connection: AccountConnection,
	api: Api,
	input: Record<string, unknown>,
	options: RequestOptions,
): Promise<Reading> {
	return api === 'v1'
		? connection.perform(getCall, input as never, options)
		: connection.perform(getAgentCall, { sid: input['sid'] as string }, options);
}

/** Asks the other API when the first one does not know the call; when neither does, the first answer counts. */
async function readEither(
	connection: AccountConnection,
	first: Api,
	input: Record<string, unknown>,
	options: RequestOptions,
): Promise<Reading> {
	try {
		return await read(connection, first, input, options);
	} catch (reason) {
		if (!(reason instanceof ExotelError) || reason.httpStatus !== 404) throw reason;
		try {
			return await read(connection, OTHER[first], input, options);
		} catch {
			throw reason;
		}
	}
}
