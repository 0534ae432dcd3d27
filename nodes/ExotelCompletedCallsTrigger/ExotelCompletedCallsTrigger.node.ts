/**
 * Starts a workflow for every ended call of the account, by polling Exotel. Needs no address that Exotel can reach, and
 * finds calls whose callback never arrived.
 */

import type { IDataObject, INodeExecutionData, INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { callsBetween, listCalls, missedEnd } from '../../exotel';
import type { Call, CallEvent, CallsBetweenFilters, CallsBetweenPage } from '../../exotel';
import { eventJson } from '../host/event';
import { nodeFailure } from '../host/failure';
import { outcomesFilter, passesOutcomes } from '../host/outcomes';
import { searchExoPhones, withExoPhoneList } from '../host/exoPhone';
import { withoutLocators } from '../host/parameters';
import { optionalProperties } from '../host/property';
import { openSession } from '../host/session';
import { finished, interrupted, loadState, markEmitted, nextWindow } from './endedCalls';

/** Calls shown when the node is tried out in the editor. */
const sampleSize = 5;

interface Found {
	call: Call;
	raw: unknown;
}

/** Exotel Completed Calls Trigger. */
export class ExotelCompletedCallsTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Exotel Completed Calls Trigger',
		name: 'exotelCompletedCallsTrigger',
		icon: { light: 'file:../../icons/exotel.svg', dark: 'file:../../icons/exotel.dark.svg' },
		group: ['trigger'],
		version: [1],
		defaultVersion: 1,
		subtitle: 'Ended calls',
		description: 'Starts the workflow for every call that has ended, by polling Exotel',
		eventTriggerDescription: 'Polls Exotel for the latest ended calls',
		activationMessage: 'Exotel is polled regularly now. Calls that ended before start no execution.',
		defaults: { name: 'Exotel Completed Calls Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'exotelVoiceApi', required: true }],
		properties: [
			{
				displayName:
					'Each call starts the workflow once, when it has ended; also after n8n was switched off for ' +
					'a while. Price and recording may follow some minutes later: read the call again with ' +
					'<i>Exotel → Call → Get</i> when you need them.',
				name: 'how',
				type: 'notice',
				default: '',
			},
			{
				displayName: 'Filters',
				name: 'filters',
				type: 'collection',
				placeholder: 'Add filter',
				default: {},
				options: [
					...optionalProperties(listCalls.fields, ['direction', 'exoPhone', 'from', 'to', 'details']).map(
						withExoPhoneList,
					),
					outcomesFilter('Only calls that ended this way'),
				],
			},
		],
	};

	methods = { listSearch: { searchExoPhones } };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		try {
			const items = this.getMode() === 'manual' ? await sample(this) : await newlyEnded(this);
			return items.length === 0 ? null : [items];
		} catch (error) {
			throw nodeFailure(this.getNode(), error);
		}
	}
}

const latestFirst = { sortBy: 'newest', pageSize: 50 } satisfies CallsBetweenFilters;

/** The latest calls, without remembering them. */
async function sample(functions: IPollFunctions): Promise<INodeExecutionData[]> {
	const { account, options } = await openSession(functions);
	const { filters, passes } = filtersOf(functions);
	const found: Found[] = [];
	for await (const page of callsBetween(account, { ...filters, ...latestFirst }, options)) {
		found.push(...callsOf(page).filter(({ call }) => passes(call)));
		if (found.length >= sampleSize) break;
	}
	const rule = { since: 0, now: Date.now(), graceMs: 0, timeZone: account.timeZone };
	const events = found.slice(0, sampleSize).map(({ call, raw }) => missedEnd(call, raw, rule));
	return events.filter((event) => event !== null).map(itemOf);
}

/** The calls that have ended and were not emitted before. */
async function newlyEnded(functions: IPollFunctions): Promise<INodeExecutionData[]> {
	const now = Date.now();
	const stopAt = now + 0.8 * budgetOf(functions);
	const staticData = functions.getWorkflowStaticData('node');
	const window = nextWindow(loadState(staticData, now), now);
	const { account, options } = await openSession(functions);
	const { filters, passes } = filtersOf(functions);
	const range = {
		createdAfter: new Date(window.from),
		createdBefore: new Date(window.to),
		sortBy: 'oldest',
		pageSize: 100,
		position: window.position,
	} satisfies CallsBetweenFilters;
	const { found, position, failure } = await read(callsBetween(account, { ...filters, ...range }, options), stopAt);
	// Nothing was read: nothing changes, but a page that Exotel no longer knows is not asked for again.
	if (failure !== null && found.length === 0 && window.position === undefined) throw failure;

	// Read again and written at once: whatever went wrong above has changed nothing.
	const state = loadState(staticData, now);
	const rule = { since: state.since, now, graceMs: 0, timeZone: account.timeZone };
	const fresh = found.flatMap(({ call, raw }) => {
		const event = passes(call) ? missedEnd(call, raw, rule) : null;
		if (event === null) return [];
		return markEmitted(state, call.sid, Date.parse(call.createdAt ?? '') || now) ? [itemOf(event)] : [];
	});
	const readUntil = found.map(({ call }) => Date.parse(call.createdAt ?? ''));
	const isRead = failure === null && position === undefined;
	Object.assign(staticData, isRead ? finished(state, window) : interrupted(state, window, readUntil, position));
	if (failure === null) return fresh;
	if (fresh.length === 0) throw failure;
	const { message } = nodeFailure(functions.getNode(), failure);
	functions.logger.warn(`Exotel: the list of calls ended early; it goes on at the next poll. ${message}`);
	return fresh;
}

/** What a poll could read of the list. */
interface Read {
	found: Found[];
	/** Where to go on, when the time was over before the list. */
	position?: string;
	/** Why the list ended early; null when it did not. */
	failure: Error | null;
}

/** Reads the list to its end, until `stopAt` or until it fails. Never rejects. */
async function read(pages: AsyncIterable<CallsBetweenPage>, stopAt: number): Promise<Read> {
	const found: Found[] = [];
	try {
		for await (const page of pages) {
			found.push(...callsOf(page));
			if (Date.now() > stopAt) return { found, position: page.position, failure: null };
		}
	} catch (error) {
		return { found, failure: error instanceof Error ? error : new Error(String(error)) };
	}
	return { found, failure: null };
}

/** How long this poll may take, in milliseconds; older n8n versions do not say. */
function budgetOf(functions: IPollFunctions): number {
	return typeof functions.getPollBudgetMs === 'function' ? functions.getPollBudgetMs() : 60_000;
}

/** The filters of Exotel's list, and the one it does not have. */
function filtersOf(functions: IPollFunctions): { filters: IDataObject; passes: (call: Call) => boolean } {
	const { outcomes, ...filters } = withoutLocators(functions.getNodeParameter('filters', {}));
	return { filters, passes: (call) => passesOutcomes(call, { outcomes }) };
}

function callsOf(page: CallsBetweenPage): Found[] {
	return page.calls.map((call, index) => ({ call, raw: page.raw[index] }));
}

function itemOf(event: CallEvent): INodeExecutionData {
	return { json: eventJson(event) };
}
