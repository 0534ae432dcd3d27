/**
 * Starts a workflow on a request of an applet of an Exotel flow: which destinations to dial (Connect 1.0 and 1.1), what
 * the caller hears (Gather, Greeting) or which branch to take (Passthru). The caller is on the line meanwhile, so this
 * node answers by itself when the workflow does not; its second URL, for Exotel's "Fallback URL", answers at once
 * without any workflow.
 */

import type { INodeType, INodeTypeDescription, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { appletOf, appletTimeoutSeconds, checkField, defaultRules, headAnswer, readAppletRequest } from '../../exotel';
import type { AppletRequest, FieldSet, IncomingRequest } from '../../exotel';
import { clock } from '../host/clock';
import { incomingOf, refuse, sendAnswer } from '../host/incoming';
import { readingAccount, readingOptions } from '../host/readingRules';
import { authenticationProperties, senderOptions, testWebhookToken, verifySenderWithin } from '../host/webhookToken';
import { triggerPaths, webhooksFor } from '../host/webhooks';
import { asObject } from '../host/parameters';
import { property } from '../host/property';
import { checksWhenPublished, settingsWhileACallerWaits } from '../host/triggerSettings';
import { answerOf, chosenApplet, fallbackOf, fallbackProperties, violationsOf } from '../host/appletFallback';
import { guardResponse } from '../host/appletResponse';

/** Exotel gives up after 5 s; the answer has to travel as well. */
const { default: defaultAnswerSeconds, max: maxAnswerSeconds, min: minAnswerSeconds } = appletTimeoutSeconds;

const ownOptions = {
	answerSeconds: {
		...appletTimeoutSeconds,
		label: 'Answer within (seconds)',
		description:
			'When the workflow has not answered by then, the caller gets the fallback. Exotel gives up ' +
			'after 5 seconds.',
		kind: 'number',
		tier: 'rare',
		required: false,
		example: defaultAnswerSeconds,
		unit: 'seconds',
	},
} as const satisfies FieldSet;

/** What each applet asks, in few words. */
const subtitles = {
	connect: 'Which destinations to dial',
	gather: 'Which keys to ask for',
	greeting: 'What the caller hears',
	passthru: 'Which branch to take',
};

/** Exotel Applet Trigger. */
export class ExotelAppletTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Exotel Applet Trigger',
		name: 'exotelAppletTrigger',
		icon: { light: 'file:../../icons/exotel.svg', dark: 'file:../../icons/exotel.dark.svg' },
		group: ['trigger'],
		version: [1],
		defaultVersion: 1,
		subtitle: `={{ (${JSON.stringify(subtitles)})[$parameter["applet"]] }}`,
		description: 'Starts the workflow when an applet of an Exotel flow sends a request while a caller waits',
		eventTriggerDescription: 'Waiting for an applet to call the test URL',
		activationMessage:
			'Published. Your Exotel flow needs the addresses that Webhook → Get Address makes of the production URLs.',
		defaults: { name: 'Exotel Applet Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'exotelWebhookTokenApi',
				displayName: 'Webhook Token',
				required: true,
				testedBy: 'testWebhookToken',
				displayOptions: { show: { authentication: ['token'] } },
			},
		],
		triggerPanel: {
			header: 'Let your Exotel flow send a request',
			executionsHelp: {
				inactive:
					'The Exotel node (<b>Webhook → Get Address</b>) makes the address for the applet from a URL ' +
					'of this node.<br /><br /><b>To try it</b>, click the button above, enter the address of the ' +
					'<b>test URL</b> in the applet and call your ExoPhone. It works once per click.<br /><br />' +
					'<b>For real use</b>, publish this workflow and enter the addresses of the <b>production ' +
					'URLs</b>: the one ending in <code>/applet</code> as its Primary URL, the one ending in ' +
					'<code>/fallback</code> as its Fallback URL.',
				active:
					'<b>To try it</b>, click the button above and use the <b>test URL</b> for one call.<br /><br ' +
					'/><b>In real use</b>, Exotel calls the addresses that <b>Get Address</b> makes of the ' +
					'<b>production URLs</b>; those runs are in the executions list, not here.',
			},
			activationHint:
				'Publish this workflow, then enter the addresses that Get Address makes of the production URLs.',
		},
		webhooks: [
			// Exotel asks for the headers alone before a Greeting.
			...webhooksFor(['GET', 'POST', 'HEAD'], {
				name: 'default',
				responseMode: 'responseNode',
				path: triggerPaths.applet,
			}),
			...webhooksFor(['GET', 'POST'], {
				name: 'setup',
				responseMode: 'onReceived',
				responseData: '',
				path: triggerPaths.fallback,
			}),
		],
		properties: [
			{
				// Right below the two URLs, which n8n gives no names.
				displayName:
					'For the applet, the URL ending in <code>/applet</code> is the <b>Primary URL</b>, the one ' +
					'ending in <code>/fallback</code> the <b>Fallback URL</b>. Get Address adds the token.',
				name: 'urls',
				type: 'notice',
				default: '',
			},
			{
				displayName:
					'End the workflow with an <b>Exotel Applet Answer</b> node. Exotel waits 5 seconds; keep ' +
					'slow steps behind the answer.',
				name: 'how',
				type: 'notice',
				default: '',
			},
			...authenticationProperties,
			{
				displayName: 'Applet',
				name: 'applet',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Connect', value: 'connect', description: 'Which destinations to dial' },
					{
						name: 'Gather',
						value: 'gather',
						description: 'What the caller hears and which keys to wait for',
					},
					{ name: 'Greeting', value: 'greeting', description: 'What the caller hears' },
					{
						name: 'Passthru',
						value: 'passthru',
						description: 'Which branch to take, also for Switch Case',
					},
				],
				default: 'connect',
				description: 'Which applet of your Exotel flow sends the request',
			},
			{
				displayName:
					'For several applets with one trigger, add <code>?applet=connect</code>, <code>gather</code>, ' +
					'<code>greeting</code> or <code>passthru</code> to the URL of each; it counts in place of the ' +
					'choice above.',
				name: 'addresses',
				type: 'notice',
				default: '',
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
					property(ownOptions, 'answerSeconds', {
						typeOptions: { minValue: minAnswerSeconds, maxValue: maxAnswerSeconds, numberPrecision: 1 },
					}),
					...readingOptions,
				],
			},
		],
	};

	methods = { credentialTest: { testWebhookToken } };

	/** A fallback that Exotel would refuse is found before callers meet it, and a time that is not kept. */
	webhookMethods = checksWhenPublished((functions) => {
		const { answerSeconds, defaultCountry = defaultRules.defaultCountry } = asObject(
			functions.getNodeParameter('options', {}),
		);
		const applet = { kind: chosenApplet(functions), version: '1.1' } as const;
		const violations = violationsOf(fallbackOf(functions, applet, String(defaultCountry)));
		const time = checkField(ownOptions, 'answerSeconds', answerSeconds);
		return time === true ? violations : [...violations, time];
	});

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const begunAt = clock.elapsed();
		const settings = settingsWhileACallerWaits(this);
		const { answerSeconds, defaultCountry = defaultRules.defaultCountry } = asObject(
			settings.getNodeParameter('options', {}),
		);
		// An expression may give what is not a number at all.
		const seconds = Math.min(
			maxAnswerSeconds,
			Math.max(minAnswerSeconds, Number(answerSeconds) || defaultAnswerSeconds),
		);
		const leftMs = () => Math.max(0, seconds * 1_000 - (clock.elapsed() - begunAt));
		const sender = await verifySenderWithin(this, leftMs()).catch(() => {
			this.logger.warn(
				'Exotel: the settings that say who may call cannot be read. The caller gets the fallback.',
			);
			return null;
		});
		if (sender?.allowed === false) return refuse(this, sender.httpStatus, sender.reason);

		const incoming = incomingOf(this);
		const applet = appletOf(incoming, chosenApplet(settings));
		if (incoming.method === 'HEAD') {
			sendAnswer(this, headAnswer(applet));
			return { noWebhookResponse: true };
		}
		// Without a decision about the sender nothing is started; the caller is on the line all the same.
		const request = sender === null ? null : requestOf(this, incoming);
		const fallback = fallbackOf(settings, applet, String(defaultCountry));
		if (request === null || this.getWebhookName() === 'setup') {
			sendAnswer(this, answerOf(fallback));
			return { noWebhookResponse: true };
		}
		// The open connection lives in this process only, and so may its deadline.
		const left = leftMs();
		guardResponse(this, answerOf(fallback), left);
		const answerBy = new Date(Date.now() + left).toISOString();
		return { workflowData: [[{ json: { ...asObject(request), fallback, answerBy } }]] };
	}
}

/** Null when the request is not one of an applet: the caller then gets the fallback all the same. */
function requestOf(functions: IWebhookFunctions, incoming: IncomingRequest): AppletRequest | null {
	try {
		return readAppletRequest(incoming, readingAccount(functions), chosenApplet(functions));
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		functions.logger.warn(`Exotel: an applet request could not be read (${reason}). The caller got the fallback.`);
		return null;
	}
}
