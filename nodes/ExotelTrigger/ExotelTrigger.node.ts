/**
 * Starts a workflow when Exotel reports something about a call or an agent: status callbacks of both API versions,
 * agent pass-through, call event pass-through and Passthru applets, in any encoding, by GET or POST.
 */

import type {
	IDataObject,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { attemptOf, ExotelError, readCallEvent } from '../../exotel';
import type { Account, CallEvent } from '../../exotel';
import { eventJson } from '../host/event';
import { searchExoPhones } from '../host/exoPhone';
import { acknowledge, incomingOf, refuse } from '../host/incoming';
import { readingAccount, readingOptions } from '../host/readingRules';
import { asObject } from '../host/parameters';
import { authenticationProperties, senderOptions, testWebhookToken, verifySenderWithin } from '../host/webhookToken';
import { checksWhenPublished } from '../host/triggerSettings';
import { triggerPaths, webhooksFor } from '../host/webhooks';
import { asksExotel, confirmedEnd } from './confirmation';
import {
	followAnswer,
	hasEnded,
	isFirstTime,
	isUnanswered,
	markStored,
	passedOnAs,
	rememberLeftOut,
} from './deduplication';
import { choiceOf, eventsProperty, filtersProperty, isChosenSource, isChosenType, outdatesOthers } from './filters';

/** How long the credential may take to be read, ms. */
const TOKEN_READ_MS = 10_000;
const unreadable =
	'n8n cannot read the credential with the webhook token. Send this again later; check the credential of the ' +
	'Exotel Trigger and the database of n8n.';

const unstored = 'n8n has not said yet whether it stored the run of this event. Send it again later.';

type Drop = 'Event filtered out' | 'Repeated or overtaken event' | 'Unanswered event';

/** What becomes of an event. */
interface Considered {
	/** Why it starts nothing; null when it starts the workflow. */
	dropped: Drop | null;
	/** Where it was remembered, to be stored; null for nowhere or the process only. */
	staticData: IDataObject | null;
}

/** The same event may be sent to the test URL again; each click listens for one event anyway. */
function dropsRepeats(functions: IWebhookFunctions): boolean {
	const { repeated = 'drop' } = asObject(functions.getNodeParameter('options', {}));
	return repeated === 'drop' && functions.getMode() !== 'manual';
}

function scopeOf(functions: IWebhookFunctions): string {
	return `${functions.getWorkflow().id ?? ''} ${functions.getNode().id}`;
}

/** Why a reported end starts nothing, whatever Exotel would say about it; null when it has to be asked. */
function dropsUnasked(functions: IWebhookFunctions, { source, type, call }: CallEvent): Considered['dropped'] {
	if (!isChosenSource(source, functions) || !isChosenType(type, functions)) return 'Event filtered out';
	const isKnown =
		dropsRepeats(functions) && hasEnded(call.sid, functions.getWorkflowStaticData('node'), scopeOf(functions));
	return isKnown ? 'Repeated or overtaken event' : null;
}

/** Applies the node's event list, its filters and what is remembered of the call. */
function considered(event: CallEvent, request: Parameters<typeof choiceOf>[1], isConfirmed: boolean): Considered {
	const { functions } = request;
	const choice = choiceOf(event, request);
	const dropped = choice === 'chosen' ? null : 'Event filtered out';
	// One event may come from several sources under one ID: what another source says is not remembered.
	if (choice === 'other-source' || !dropsRepeats(functions)) return { dropped, staticData: null };
	const scope = scopeOf(functions);
	if (isUnanswered(event, scope)) return { dropped: 'Unanswered event', staticData: null };
	// n8n writes the whole workflow for what is stored, so of events that start nothing only those that count are.
	const stores = choice === 'chosen' || outdatesOthers(event, functions);
	const loaded = stores ? functions.getWorkflowStaticData('node') : null;
	// n8n loaded it when the request came, and would store it over what others stored while Exotel was asked: of a
	// confirmed end a copy is read, and only the process remembers it.
	const staticData = isConfirmed && loaded !== null ? { ...loaded } : loaded;
	if (choice === 'left-out') rememberLeftOut(event, staticData, scope);
	else if (!isFirstTime(event, staticData, scope)) return { dropped: 'Repeated or overtaken event', staticData };
	else followAnswer(event, scope, functions.getResponseObject());
	return { dropped, staticData };
}

/** The answer to an event that starts nothing. */
function replyTo(functions: IWebhookFunctions, dropped: Drop): IWebhookResponseData {
	return dropped === 'Unanswered event' ? refuse(functions, 503, unstored) : acknowledge(dropped);
}

/** Refuses a request of an allowed sender, and tells the log: Exotel alone reads the answer. */
function refuseUnread(
	functions: IWebhookFunctions,
	error: unknown,
	{ status, otherwise }: { status: number; otherwise: string },
): IWebhookResponseData {
	const [httpStatus, reason] =
		error instanceof ExotelError ? [error.httpStatus ?? status, error.message] : [status, otherwise];
	functions.logger.warn(`Exotel Trigger refused an event: ${reason}`);
	return refuse(functions, httpStatus, reason);
}

/** Exotel Trigger. */
export class ExotelTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Exotel Trigger',
		name: 'exotelTrigger',
		icon: { light: 'file:../../icons/exotel.svg', dark: 'file:../../icons/exotel.dark.svg' },
		group: ['trigger'],
		version: [1],
		defaultVersion: 1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description:
			'Starts the workflow when an Exotel call rings, is answered or has ended, or an agent is busy or free',
		eventTriggerDescription: 'Waiting for Exotel to call the test URL',
		activationMessage: 'Published. Give Exotel the address that Webhook → Get Address makes of the production URL.',
		defaults: { name: 'Exotel Trigger' },
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
			// Events need no account.
			{
				name: 'exotelVoiceApi',
				displayName: 'Exotel Account (Optional: Lists, Confirming Ends)',
				required: false,
			},
		],
		triggerPanel: {
			header: 'Let Exotel report a call',
			executionsHelp: {
				inactive:
					'The Exotel node (<b>Webhook → Get Address</b>) makes the address for Exotel from a URL of ' +
					'this node.<br /><br /><b>To try it</b>, click the button above, enter the address of the ' +
					"<b>test URL</b> as a call's Status Callback URL (or in an applet of your flow) and make a " +
					'call. It works once per click.<br /><br /><b>For real use</b>, publish this workflow and ' +
					'give Exotel the address of the <b>production URL</b>.',
				active:
					'<b>To try it</b>, click the button above and use the <b>test URL</b> for one call.<br /><br ' +
					'/><b>In real use</b>, Exotel calls the address that <b>Get Address</b> makes of the ' +
					'<b>production URL</b>; those runs are in the executions list, not here.',
			},
			activationHint:
				'Publish this workflow, then give Exotel the address that Get Address makes of the production URL.',
		},
		webhooks: webhooksFor(['POST', 'GET'], {
			name: 'default',
			responseMode: 'onReceived',
			responseData: '',
			path: triggerPaths.events,
		}),
		properties: [
			{
				displayName:
					'The Exotel node (Webhook → Get Address) makes the address for Exotel from the URL above. ' +
					'Enter it as <b>Status Callback URL</b> of a call, as pop-up (pass-through) URL of a Connect ' +
					'applet, or as URL of an asynchronous Passthru applet. Exotel may call it by GET or POST.',
				name: 'where',
				type: 'notice',
				default: '',
			},
			...authenticationProperties,
			eventsProperty,
			filtersProperty,
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: [
					...senderOptions,
					...readingOptions,
					{
						displayName: 'Confirm the End by Asking Exotel',
						name: 'confirmEnd',
						type: 'boolean',
						default: false,
						description:
							'Whether to start the workflow at the end of a call only if the call, read from Exotel, ' +
							'has ended. Needs the Exotel credential. If Exotel does not confirm it in two and a ' +
							'half minutes, nothing starts; the Exotel Completed Calls Trigger finds such ends.',
					},
					{
						displayName: 'Repeated Events',
						name: 'repeated',
						type: 'options',
						options: [
							{
								name: 'Drop',
								value: 'drop',
								description:
									'Each event starts the workflow once; late progress of an ended call is dropped, ' +
									'but for keys pressed and recordings',
							},
							{
								name: 'Pass On',
								value: 'pass',
								description: 'Everything Exotel sends starts the workflow',
							},
						],
						default: 'drop',
						description:
							'Exotel sends some events twice or out of order. Dropping is best effort; use a Remove ' +
							'Duplicates node on the event ID where once really must be once.',
					},
				],
			},
		],
	};

	methods = { credentialTest: { testWebhookToken }, listSearch: { searchExoPhones } };

	/** The user gives Exotel the URL. */
	webhookMethods = checksWhenPublished();

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const sender = await verifySenderWithin(this, TOKEN_READ_MS);
		if (sender === null) return refuse(this, 503, unreadable);
		if (!sender.allowed) return refuse(this, sender.httpStatus, sender.reason);

		const incoming = incomingOf(this);
		let event: CallEvent;
		let account: Account;
		try {
			account = readingAccount(this);
			event = readCallEvent(incoming, account);
		} catch (error) {
			return refuseUnread(this, error, { status: 400, otherwise: 'This request cannot be read.' });
		}
		// Only an end that a flow tells may have to be passed on as progress; n8n loads nothing for the others.
		if (event.source === 'passthru' && event.type === 'terminal' && dropsRepeats(this))
			event = passedOnAs(event, this.getWorkflowStaticData('node'), scopeOf(this));
		const { source } = event;
		let attemptId = attemptOf(incoming);
		const isAnswered = asksExotel(this, event);
		if (isAnswered) {
			const unasked = dropsUnasked(this, event);
			if (unasked !== null) return acknowledge(unasked);
			try {
				const confirmed = await confirmedEnd(this, event, attemptId);
				if (confirmed === null) return { noWebhookResponse: true };
				({ event, attemptId } = confirmed);
			} catch (error) {
				return refuseUnread(this, error, { status: 503, otherwise: 'The end cannot be confirmed.' });
			}
		}
		const { dropped, staticData } = considered(event, { functions: this, account, source }, isAnswered);
		if (dropped !== null) return isAnswered ? { noWebhookResponse: true } : replyTo(this, dropped);
		const json = { ...eventJson(event), ...(attemptId === null ? {} : { attemptId }) };
		const scope = scopeOf(this);
		if (isAnswered) return { noWebhookResponse: true, workflowData: [[{ json }]] };
		let isMarked = false;
		return {
			workflowData: [[{ json }]],
			// Storing the run makes n8n forget that the static data were changed. It reads the response after that, and
			// stores what is marked as changed before it answers.
			get webhookResponse() {
				if (staticData !== null && !isMarked) markStored(event, staticData, scope);
				isMarked = true;
				return { ok: true };
			},
		};
	}
}
