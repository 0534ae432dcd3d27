/**
 * Call → Get Recording.
 */

import { downloadRecording, ExotelError, findCall, getCall, perform } from '../../../exotel';
import { parameter, textParameter } from '../../host/parameters';
import { property } from '../../host/property';
import type { ReadingOperation } from './operation';
import { showFor } from './operation';

const displayOptions = showFor('call', 'getRecording');
const recordingBy = (choice: string) => ({ show: { ...displayOptions.show, recordingBy: [choice] } });

function noRecording(): ExotelError {
	return new ExotelError('not-found', 'This call has no recording, or none yet', {
		hint:
			'Recordings appear some minutes after the end of the call: add a Wait node and try again. Calls are only ' +
			'recorded when Record is switched on.',
	});
}

/** Downloads a recording as a file. */
export const getRecordingOperation: ReadingOperation = {
	resource: 'call',
	value: 'getRecording',
	name: 'Get Recording',
	action: 'Get a recording',
	description: 'Download the recording of a call as a file',
	properties: [
		{
			displayName: 'Recording Of',
			name: 'recordingBy',
			type: 'options',
			displayOptions,
			options: [
				{ name: 'Call SID', value: 'sid', description: 'The recording of this call' },
				{
					name: 'Recording URL',
					value: 'url',
					description: 'The address that came with a call or an event',
				},
			],
			default: 'sid',
		},
		property(getCall.fields, 'sid', { displayOptions: recordingBy('sid') }),
		property(downloadRecording.fields, 'url', { displayOptions: recordingBy('url') }),
		{
			displayName: 'Put Output in Field',
			name: 'binaryProperty',
			type: 'string',
			default: 'data',
			required: true,
			placeholder: 'e.g. data',
			displayOptions,
			hint: 'The name of the output binary field to put the file in',
		},
	],
	options: [],
	async run(functions, { account, options }, itemIndex) {
		const bySid = functions.getNodeParameter('recordingBy', itemIndex, 'sid') === 'sid';
		const input = { sid: parameter(functions, 'sid', itemIndex) };
		const call = bySid ? (await findCall(account, input, { api: 'auto' }, options)).result : null;
		const url = call === null ? parameter(functions, 'url', itemIndex) : call.recordingUrl;
		if (url === null) throw noRecording();
		const { result } = await perform(downloadRecording, account, { url }, options);
		const { bytes, contentType } = result;
		const fileName = `${call?.sid ?? 'recording'}.${contentType.includes('wav') ? 'wav' : 'mp3'}`;
		const binary = await functions.helpers.prepareBinaryData(Buffer.from(bytes), fileName, contentType);
		const json = { sid: call?.sid ?? null, fileName, contentType, bytes: bytes.length };
		return [{ json, binary: { [textParameter(functions, 'binaryProperty', itemIndex, 'data')]: binary } }];
	},
};
