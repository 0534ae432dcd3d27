/**
 * The Exotel node. Programmatic rather than declarative, because a call may be waited for (a webhook resumes the
 * execution), a list runs over several requests and a recording is a file.
 */

import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { searchExoPhones } from '../host/exoPhone';
import { testWebhookToken } from '../host/webhookToken';
import { operationProperties, runOperation } from './operations';
import { atOutputs, isSplit, outcomeOutputs } from './operations/outcomeOutputs';
import { resume, resumeWebhooks } from './operations/waiting';

/** Exotel. */
export class Exotel implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Exotel',
		name: 'exotel',
		icon: { light: 'file:../../icons/exotel.svg', dark: 'file:../../icons/exotel.dark.svg' },
		group: ['output'],
		version: [1],
		defaultVersion: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Place phone calls with Exotel and wait for their outcome, read calls and recordings, look up numbers',
		defaults: { name: 'Exotel' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: outcomeOutputs,
		waitingNodeTooltip: 'Waiting for the end of the call',
		credentials: [
			{ name: 'exotelVoiceApi', required: true, displayOptions: { hide: { resource: ['webhook'] } } },
			{
				name: 'exotelWebhookTokenApi',
				required: true,
				testedBy: 'testWebhookToken',
				displayOptions: { show: { resource: ['webhook'] } },
			},
		],
		webhooks: resumeWebhooks,
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Account', value: 'account' },
					{ name: 'Call', value: 'call' },
					{ name: 'ExoPhone', value: 'exoPhone' },
					{ name: 'Number', value: 'number' },
					{ name: 'Webhook', value: 'webhook' },
				],
				default: 'call',
			},
			...operationProperties,
		],
	};

	methods = { listSearch: { searchExoPhones }, credentialTest: { testWebhookToken } };

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await resume(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const split = isSplit(this);
		return atOutputs(await runOperation(this), split);
	}
}
