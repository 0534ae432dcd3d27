/**
 * Call → Get Recording.
 */

import { downloadRecording, findRecording, getCall, handedOn, perform } from '../../../exotel';
import { parameter, textParameter } from '../../host/parameters';
import { property } from '../../host/property';
import type { ReadingOperation } from './operation';
import { showFor } from './operation';

const displayOptions = showFor('call', 'getRecording');
const recordingBy = (choice: string) => ({ show: { ...displayOptions.show, recordingBy: [choice] } });

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
		const found = bySid ? await findRecording(account, input, { api: 'auto' }, options) : null;
		const url = found === null ? parameter(functions, 'url', itemIndex) : found.url;
		const { result } = await perform(downloadRecording, account, { url }, options);
		const { bytes, contentType } = result;
		const fileName = `${found?.call.sid ?? 'recording'}.${contentType.includes('wav') ? 'wav' : 'mp3'}`;
		// The same memory, not a copy: a recording may have more than 100 MB.
		const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		const binary = await functions.helpers
			.prepareBinaryData(file, fileName, contentType)
			.finally(() => handedOn(result));
		const json = { sid: found?.call.sid ?? null, fileName, contentType, bytes: bytes.length };
		return [{ json, binary: { [textParameter(functions, 'binaryProperty', itemIndex, 'data')]: binary } }];
	},
};
