/**
 * Starts a workflow for every ended call of the account, by polling Exotel. Needs no address that Exotel can reach, and
 * finds calls whose callback never arrived.
 */

import type { IDataObject, INodeExecutionData, INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import {
	afterReading,
	callsBetween,
	endSearchState,
	listCalls,
	missedEnd,
	newEnds,
	nextWindow,
	readWindow,
	takeBack,
} from '../../exotel';
import type { Call, CallEvent, CallsBetweenFilters, FoundCall } from '../../exotel';
import { eventJson } from '../host/event';
import { nodeFailure, workflowFailure } from '../host/failure';
import { outcomesFilter, passesOutcomes } from '../host/outcomes';
import { searchExoPhones, withExoPhoneList } from '../host/exoPhone';
import { withoutLocators } from '../host/parameters';
import { optionalProperties } from '../host/property';
import { openSession } from '../host/session';
import { whenNotStored } from './storedRuns';

/** Calls shown when the node is tried out in the editor. */
const sampleSize = 5;
/** Pages that are read for them: Exotel's list has no filter by outcome, and calls to be placed share its limit. */
const samplePages = 3;

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
			if (this.getMode() !== 'manual') return await newlyEnded(this);
			const items = await sample(this);
			return items.length === 0 ? null : [items];
		} catch (error) {
			throw nodeFailure(this.getNode(), error);
		}
	}
}

const latestFirst = { sortBy: 'newest', pageSize: 100 } satisfies CallsBetweenFilters;

/**
 * The latest calls, without remembering them.
 * @throws when calls were read and the filter by outcome lets none of them pass
 */
async function sample(functions: IPollFunctions): Promise<INodeExecutionData[]> {
	const { account, options } = await openSession(functions);
	const { filters, passes } = filtersOf(functions);
	const rule = { since: 0, now: Date.now(), graceMs: 0, timeZone: account.timeZone };
	const items: INodeExecutionData[] = [];
	let [pages, read, passed] = [0, 0, 0];
	for await (const { calls, raw } of callsBetween(account, { ...filters, ...latestFirst }, options)) {
		for (const [index, call] of calls.entries()) {
			if (!passes(call)) continue;
			passed += 1;
			const event = missedEnd(call, raw[index], rule);
			if (event !== null) items.push(itemOf(event));
		}
		[pages, read] = [pages + 1, read + calls.length];
		if (items.length >= sampleSize || pages >= samplePages) break;
	}
	if (read > passed && items.length === 0)
		throw workflowFailure(functions.getNode(), `None of the latest ${read} calls passes the filter Outcomes`, {
			description: 'Take the filter off to see calls here. Once published, the node starts for each that passes.',
		});
	return items.slice(0, sampleSize);
}

/** How often a run was not stored, by the static data of the workflow. */
const undone = new WeakMap<object, number>();

/** The calls that have ended and were not emitted before. */
async function newlyEnded(functions: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const now = Date.now();
	const stopAt = now + 0.8 * budgetOf(functions);
	// n8n stores its static data together with the executions it starts.
	const staticData = functions.getWorkflowStaticData('node');
	const before = endSearchState(staticData, now);
	const undoneBefore = undone.get(staticData);
	const window = nextWindow(before, now);
	const { account, options } = await openSession(functions);
	const { filters, passes } = filtersOf(functions);
	const found: FoundCall[] = [];
	const read = await readWindow({ account, send: options, filters, stopAt }, window, (calls) => {
		found.push(...calls);
	});
	const { failure } = read;
	// Nothing was read: nothing changes, but a page that Exotel no longer knows is not asked for again.
	if (failure !== null && found.length === 0 && window.position === undefined) throw failure;

	// Read again and written at once: whatever went wrong above has changed nothing.
	const state = endSearchState(staticData, now);
	// A call that the filter leaves out has ended as well: it must not start the workflow once the filter is changed.
	// One whose outcome is unknown may still get one.
	const settled = found.filter(({ call }) => passes(call) || call.outcome !== 'unknown');
	const ends = [...newEnds(state, settled, { now, graceMs: 0, timeZone: account.timeZone })];
	// When the run of an earlier poll was not stored meanwhile, what that one has read is read again.
	const isBehind = undone.get(staticData) !== undoneBefore;
	Object.assign(staticData, isBehind ? state : afterReading(state, window, read));
	const fresh = ends.filter(({ call }) => passes(call));
	if (fresh.length === 0) {
		if (failure !== null) throw failure;
		return null;
	}
	if (failure !== null) {
		const { message } = nodeFailure(functions.getNode(), failure);
		functions.logger.warn(`Exotel: the list of calls ended early; it goes on at the next poll. ${message}`);
	}
	const output = [fresh.map(itemOf)];
	const calls = fresh.map(({ call: { sid, createdAt } }) => ({ sid, createdAt }));
	whenNotStored(functions, output, () => {
		// Later polls may have begun, and have left their marks.
		Object.assign(staticData, takeBack(endSearchState(staticData, Date.now()), before, calls));
		undone.set(staticData, (undone.get(staticData) ?? 0) + 1);
		functions.logger.warn(`Exotel: n8n could not start a run for ${calls.length} ended calls; the next poll does`);
	});
	return output;
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

function itemOf(event: CallEvent): INodeExecutionData {
	return { json: eventJson(event) };
}
