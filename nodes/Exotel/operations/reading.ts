/**
 * Reading calls and recordings.
 */

import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { callsBetween, downloadRecording, ExotelError, getAgentCall, getCall, perform } from '../../../exotel';
import type { Call, ListCallsInput, Performed } from '../../../exotel';
import type { Session } from '../../host/session';
import { callJson } from '../output';
import type { Operation } from './operation';

const simplifyOf = (functions: IExecuteFunctions, itemIndex: number) =>
	functions.getNodeParameter('simplify', itemIndex, true) as boolean;

/** One call. */
export const get: Operation = async (functions, { account, options }, itemIndex) => {
	const { api = 'auto', ...rest } = functions.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const input = { sid: functions.getNodeParameter('sid', itemIndex) as string, ...rest };
	const { result, raw } = await readCall({ account, options }, input, api as 'auto' | 'v1' | 'v2');
	return [{ json: callJson(result, simplifyOf(functions, itemIndex), raw) }];
};

/** Calls of agents are kept in a place of their own, and a SID does not tell where its call is. */
async function readCall(
	{ account, options }: Session,
	input: { sid: string },
	api: 'auto' | 'v1' | 'v2',
): Promise<Performed<Call>> {
	if (api === 'v2') return await perform(getAgentCall, account, input, options);
	try {
		return await perform(getCall, account, input, options);
	} catch (error) {
		const elsewhere = api === 'auto' && error instanceof ExotelError && error.kind === 'not-found';
		return elsewhere ? await perform(getAgentCall, account, input, options) : await Promise.reject(error);
	}
}

/** Many calls, newest first unless the filter says otherwise; pages are fetched as far as needed. */
export const getMany: Operation = async (functions, { account, options }, itemIndex) => {
	const filters = functions.getNodeParameter('filters', itemIndex, {}) as IDataObject;
	const limit = functions.getNodeParameter('returnAll', itemIndex, false)
		? Infinity
		: (functions.getNodeParameter('limit', itemIndex, 50) as number);
	const simplify = simplifyOf(functions, itemIndex);
	const input: ListCallsInput = { sortBy: 'newest', ...filters, pageSize: Math.min(100, limit) };
	const items: INodeExecutionData[] = [];
	for await (const page of callsBetween(account, input, options)) {
		for (const [index, call] of page.calls.entries())
			items.push({ json: callJson(call, simplify, page.raw[index]) });
		if (items.length >= limit) break;
	}
	return items.slice(0, limit);
};

/** A recording as a file. */
export const getRecording: Operation = async (functions, session, itemIndex) => {
	const property = functions.getNodeParameter('binaryProperty', itemIndex, 'data') as string;
	const bySid = functions.getNodeParameter('recordingBy', itemIndex, 'sid') === 'sid';
	const call = bySid
		? (await readCall(session, { sid: functions.getNodeParameter('sid', itemIndex) as string }, 'auto')).result
		: null;
	const url = call === null ? (functions.getNodeParameter('url', itemIndex) as string) : call.recordingUrl;
	if (url === null) {
		throw new ExotelError('not-found', 'This call has no recording, or none yet', {
			hint:
				'Recordings appear some minutes after the end of the call: add a Wait node and try again. ' +
				'Calls are only recorded when Record is switched on.',
		});
	}
	const { result } = await perform(downloadRecording, session.account, { url }, session.options);
	const name = `${call?.sid ?? 'recording'}.${result.contentType.includes('wav') ? 'wav' : 'mp3'}`;
	const binary = await functions.helpers.prepareBinaryData(Buffer.from(result.bytes), name, result.contentType);
	return [
		{
			json: {
				sid: call?.sid ?? null,
				fileName: name,
				contentType: result.contentType,
				bytes: result.bytes.length,
			},
			binary: { [property]: binary },
		},
	];
};
