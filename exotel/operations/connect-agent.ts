/**
 * Connect an agent to a customer (v2, CCM): Exotel rings a user of the account, when the user's phone is switched on,
 * verified and free; when that is answered, it rings the customer. `POST /v2/accounts/<sid>/calls` with JSON; seed 001,
 * keys in the order of its table.
 */
import { choices, integer, phone, text, url } from '../fields/field';
import { placingRequest, v2Url } from '../http/request';
import { defineOperation, different, oneOf } from './operation';
import { readV2Call } from './read-v2-call';
import {
	answeredEvent,
	customField,
	exoPhone,
	record,
	recordingChannels,
	ringTimeSeconds,
	statusCallbackUrl,
	terminalEvent,
	timeLimitSeconds,
	waitAudioUrl,
} from './shared-fields';

const source = 'seed 001';

interface CallbackValues {
	statusCallbackUrl?: string;
	statusCallbackEvents?: ('answered' | 'terminal')[];
	statusCallbackAnsweredUrl?: string;
}

/** Each event with its own address (seed 001, `status_callback`); undefined without an address. */
function statusCallback(values: CallbackValues): { event: string; url: string }[] | undefined {
	const { statusCallbackUrl: url, statusCallbackAnsweredUrl: answeredUrl } = values;
	const { statusCallbackEvents: events = ['terminal'] } = values;
	if (url === undefined) return undefined;
	if (answeredUrl === undefined) return events.map((event) => ({ event, url }));
	const others = events.filter((event) => event !== 'answered');
	return [{ event: 'answered', url: answeredUrl }, ...others.map((event) => ({ event, url }))];
}

/** Connect an agent to a customer (v2). Makes phones ring. */
export const connectAgent = defineOperation({
	name: 'connectAgent',
	fields: {
		agentContact: phone({
			label: "Agent's phone",
			description:
				'Phone number or SIP address of a user of your Exotel account. It must be verified, switched on and ' +
				"free. Or fill in the agent's ID instead.",
			parameter: 'from.user_contact_uri',
			source,
			example: '+919812345678',
			tier: 'main',
			sip: true,
		}),
		agentId: text({
			label: 'Agent ID',
			description: 'The ID of the user in your Exotel account, instead of the phone.',
			parameter: 'from.user_id',
			source,
			example: '12898c52573645739e64864ad308f0a9',
			pattern: { form: /^[A-Za-z0-9_-]{1,128}$/, rule: 'holds only letters, digits, "-" and "_"' },
		}),
		to: phone({
			label: 'To (the customer)',
			description:
				'The phone that rings when the agent has answered. With country code, or as it is dialled in your ' +
				'country.',
			parameter: 'to.customer_contact_uri',
			source,
			example: '+918012345678',
			required: true,
		}),
		exoPhone: { ...exoPhone, parameter: 'virtual_number', source, example: '+918047112233' },
		record: { ...record, parameter: 'recording', source },
		recordingChannels: { ...recordingChannels, parameter: 'recording_channels', source },
		waitAudioUrl: { ...waitAudioUrl, parameter: 'wait_audio_url', source },
		timeLimitSeconds: integer({
			label: timeLimitSeconds.label,
			description: 'Exotel ends the call after this time.',
			parameter: 'max_time_limit',
			source,
			unit: 'seconds',
			min: 1,
			example: 1800,
		}),
		ringTimeSeconds: { ...ringTimeSeconds, parameter: 'attempt_time_out', source },
		customField: { ...customField, parameter: 'custom_field', source },
		statusCallbackUrl: { ...statusCallbackUrl, parameter: 'status_callback', source },
		statusCallbackEvents: choices({
			label: 'Status callback events',
			description: 'Which events Exotel sends. Without a choice, only the end of the call.',
			parameter: 'status_callback.event',
			source,
			options: [answeredEvent, terminalEvent],
			default: ['terminal'],
			example: ['answered', 'terminal'],
			dependsOn: 'statusCallbackUrl',
		}),
		statusCallbackAnsweredUrl: url({
			label: 'Status callback URL for Answered',
			description:
				'Only when "answered" is to go to another web address than the end of the call. It need not be ' +
				'chosen among the events.',
			parameter: 'status_callback.url',
			source,
			example: 'https://example.com/exotel/answered',
			dependsOn: 'statusCallbackUrl',
		}),
	},
	checks: [
		oneOf(
			'agentContact',
			'agentId',
			'Fill in the phone, the SIP address or the ID of a user of your Exotel account. Example: +919812345678',
		),
		different('agentContact', 'to'),
	],
	request(account, v) {
		const body = {
			from: v.agentContact === undefined ? { user_id: v.agentId } : { user_contact_uri: v.agentContact },
			to: { customer_contact_uri: v.to },
			virtual_number: v.exoPhone,
			recording: v.record,
			recording_channels: v.recordingChannels,
			wait_audio_url: v.waitAudioUrl,
			max_time_limit: v.timeLimitSeconds,
			attempt_time_out: v.ringTimeSeconds,
			custom_field: v.customField,
			status_callback: statusCallback(v),
		};
		return placingRequest(v2Url(account, '/calls'), 'application/json', JSON.stringify(body));
	},
	read: readV2Call,
});
