/**
 * Starts a workflow when an applet of an Exotel flow asks what to do with a caller: whom to connect to (Connect 1.0 and
 * 1.1) or which branch to take (Passthru). The caller is on the line meanwhile, so this node answers by itself when the
 * workflow does not; its second URL, for Exotel's "Fallback URL", answers at once without any workflow.
 */

import type {
	IDataObject,
	IHookFunctions,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes, sleep } from 'n8n-workflow';

import { readAppletRequest } from '../../exotel';
import type { AppletRequest } from '../../exotel';
import { nodeFailure } from '../host/failure';
import { answer, incomingOf, refuse } from '../host/incoming';
import { readingAccount, readingOptions } from '../host/readingRules';
import { authenticationProperty, judgeSender, senderOptions, testWebhookToken } from '../host/webhookToken';
import { checkedFallbackAnswer, destinationsOf, fallbackAnswer, fallbackProperties } from './fallback';
import type { Fallback } from './fallback';

/** Exotel gives up after 5 s. */
const defaultAnswerSeconds = 4;

/** Exotel Applet Trigger. */
export class ExotelAppletTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Exotel Applet Trigger',
		name: 'exotelAppletTrigger',
		icon: { light: 'file:../../icons/exotel.svg', dark: 'file:../../icons/exotel.dark.svg' },
		group: ['trigger'],
		version: [1],
		defaultVersion: 1,
		subtitle: '={{ $parameter["applet"] === "connect" ? "Whom to connect to" : "Which branch to take" }}',
		description: 'Starts the workflow when an Exotel flow asks what to do with a caller who is on the line',
		eventTriggerDescription: 'Waiting for an applet to call the test URL',
		activationMessage: 'Your Exotel flow can now ask the production URL.',
		defaults: { name: 'Exotel Applet Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'exotelWebhookTokenApi',
				required: true,
				testedBy: 'testWebhookToken',
				displayOptions: { show: { authentication: ['token'] } },
			},
		],
		triggerPanel: {
			header: 'Let your Exotel flow ask',
			executionsHelp: {
				inactive:
					'<b>To try it</b>, click the button above, put the <b>test URL</b> into the applet and call ' +
					'your ExoPhone. The test URL works once per click.<br /><br /><b>For real use</b>, publish ' +
					'this workflow and put the <b>production URLs</b> into the applet: the one ending in ' +
					'<code>/applet</code> as its URL, the one ending in <code>/fallback</code> as its Fallback ' +
					'URL. With a webhook token, add <code>?token=YOUR-TOKEN</code>.',
				active:
					'<b>To try it</b>, click the button above and use the <b>test URL</b> for one call.<br /><br ' +
					'/><b>In real use</b>, Exotel calls the <b>production URLs</b>; those runs are in the ' +
					'executions list, not here.',
			},
			activationHint: 'Publish this workflow to let your Exotel flow use the production URLs.',
		},
		webhooks: [
			{ name: 'default', httpMethod: 'GET', responseMode: 'responseNode', path: 'applet' },
			{ name: 'default', httpMethod: 'POST', responseMode: 'responseNode', path: 'applet', ndvHideUrl: true },
			{ name: 'setup', httpMethod: 'GET', responseMode: 'onReceived', responseData: '', path: 'fallback' },
			{
				name: 'setup',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: '',
				path: 'fallback',
				ndvHideUrl: true,
			},
		],
		properties: [
			{
				displayName:
					'End the workflow with an <b>Exotel Applet Answer</b> node. Exotel waits 5 seconds; keep ' +
					'slow steps behind the answer.',
				name: 'how',
				type: 'notice',
				default: '',
			},
			authenticationProperty,
			{
				displayName: 'Applet',
				name: 'applet',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Connect', value: 'connect', description: 'The flow asks whom to connect the caller to' },
					{
						name: 'Passthru',
						value: 'passthru',
						description: 'The flow asks which branch to take, also for Switch Case',
					},
				],
				default: 'connect',
				description: 'Which applet of your Exotel flow asks',
			},
			...fallbackProperties,
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: [
					...senderOptions,
					{
						displayName: 'Answer Within (Seconds)',
						name: 'answerSeconds',
						type: 'number',
						typeOptions: { minValue: 0.5, maxValue: 4.8, numberPrecision: 1 },
						default: 4,
						placeholder: 'e.g. 4',
						description:
							'When the workflow has not answered by then, the caller gets the fallback. Exotel gives up ' +
							'after 5 seconds.',
					},
					...readingOptions,
				],
			},
		],
	};

	methods = { credentialTest: { testWebhookToken } };

	/** Nothing is registered at Exotel; but a fallback that Exotel would refuse is found before callers meet it. */
	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return false;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				const written = this.getNodeParameter('fallbackDestinations', '') as string;
				const { defaultCountry = 'IN' } = this.getNodeParameter('options', {}) as { defaultCountry?: string };
				const applet = this.getNodeParameter('applet') as Fallback['applet'];
				try {
					checkedFallbackAnswer({
						applet,
						version: '1.1',
						destinations: destinationsOf(written),
						branch: 'b',
						defaultCountry,
					});
				} catch (error) {
					throw nodeFailure(this.getNode(), error);
				}
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const verdict = await judgeSender(this);
		if (!verdict.allowed) return refuse(this, verdict.httpStatus, verdict.reason);

		const question = questionOf(this);
		const fallback = fallbackOf(this, question);
		if (question === null || this.getWebhookName() === 'setup') {
			answer(this, fallbackAnswer(fallback));
			return { noWebhookResponse: true };
		}
		const { answerSeconds = defaultAnswerSeconds } = this.getNodeParameter('options', {}) as {
			answerSeconds?: number;
		};
		// An expression may give what is no number at all.
		const milliseconds = Math.min(4.8, Math.max(0.5, Number(answerSeconds) || defaultAnswerSeconds)) * 1_000;
		answerLater(this, fallback, milliseconds);
		return {
			// n8n leaves the open response to this node and the answering node; else a failing workflow would answer
			// 500.
			noWebhookResponse: true,
			workflowData: [
				[
					{
						json: {
							...question,
							fallback,
							answerBy: new Date(Date.now() + milliseconds).toISOString(),
						} as unknown as IDataObject,
					},
				],
			],
		};
	}
}

/** Null when the request is no question of an applet: the caller then gets the fallback all the same. */
function questionOf(functions: IWebhookFunctions): AppletRequest | null {
	try {
		return readAppletRequest(incomingOf(functions), readingAccount(functions));
	} catch {
		functions.logger.warn(
			'Exotel: a request to the applet URL could not be read and was answered with the fallback',
		);
		return null;
	}
}

function fallbackOf(functions: IWebhookFunctions, question: AppletRequest | null): Fallback {
	const { defaultCountry = 'IN' } = functions.getNodeParameter('options', {}) as { defaultCountry?: string };
	return {
		applet: functions.getNodeParameter('applet') as Fallback['applet'],
		version: question?.version ?? '1.0',
		destinations: destinationsOf(functions.getNodeParameter('fallbackDestinations', '') as string),
		branch: functions.getNodeParameter('fallbackBranch', 'b') as Fallback['branch'],
		defaultCountry,
	};
}

/** The open connection lives in this process only, and so may its deadline. */
function answerLater(functions: IWebhookFunctions, fallback: Fallback, milliseconds: number): void {
	const { logger } = functions;
	const response = functions.getResponseObject();
	const answerInstead = (reason: string) => {
		if (answer(functions, fallbackAnswer(fallback))) logger.warn(`Exotel: ${reason}; the caller got the fallback`);
	};
	// In queue mode n8n closes the response when the execution ends or fails without an answer. An empty answer is
	// none.
	const end = response.end.bind(response) as (...content: unknown[]) => typeof response;
	response.end = ((...content: unknown[]) => {
		response.end = end as typeof response.end;
		if (response.headersSent || content.length > 0) return end(...content);
		answerInstead('the workflow ended without an answer to the applet');
		return response;
	}) as typeof response.end;
	void sleep(milliseconds).then(() => answerInstead('the workflow did not answer the applet in time'));
}
