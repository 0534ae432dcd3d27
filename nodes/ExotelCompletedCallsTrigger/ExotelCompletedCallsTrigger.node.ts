/**
 * Starts a workflow for every ended call of the account, by asking Exotel regularly. Needs no address that Exotel can
 * reach, and finds calls whose report never came.
 */

import type { IDataObject, INodeExecutionData, INodeType, INodeTypeDescription, IPollFunctions } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { callsBetween, eventFromCall } from '../../exotel';
import type { Call, ListCallsInput } from '../../exotel';
import { nodeFailure } from '../host/failure';
import { optionalProperties } from '../host/property';
import { openSession } from '../host/session';
import { finished, handOut, nextStretch, progressOf } from './endedCalls';

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
		description: 'Starts the workflow for every call that has ended, by asking Exotel regularly',
		eventTriggerDescription: 'Asks Exotel for the latest ended calls',
		activationMessage: 'Exotel is asked regularly now. Calls that ended before are not started again.',
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
					...optionalProperties('listCalls', ['direction', 'exoPhone', 'from', 'to', 'details']),
					{
						displayName: 'Outcomes',
						name: 'outcomes',
						type: 'multiOptions',
						options: [
							{ name: 'Answered', value: 'answered' },
							{ name: 'Busy', value: 'busy' },
							{ name: 'Canceled', value: 'canceled' },
							{ name: 'Failed', value: 'failed' },
							{ name: 'No Answer', value: 'no-answer' },
						],
						default: ['no-answer', 'busy'],
						description: 'Only calls that ended this way',
					},
				],
			},
		],
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		try {
			const items = this.getMode() === 'manual' ? await sample(this) : await newlyEnded(this);
			return items.length === 0 ? null : [items];
		} catch (error) {
			throw nodeFailure(this.getNode(), error);
		}
	}
}

/** The latest calls, without remembering them. */
async function sample(functions: IPollFunctions): Promise<INodeExecutionData[]> {
	const { account, options } = await openSession(functions);
	const passes = outcomeFilter(functions);
	const found: Found[] = [];
	for await (const page of callsBetween(
		account,
		{ ...listFilters(functions), sortBy: 'newest', pageSize: 50 },
		options,
	)) {
		found.push(
			...page.calls.map((call, index) => ({ call, raw: page.raw[index] })).filter(({ call }) => passes(call)),
		);
		if (found.length >= sampleSize) break;
	}
	return found.slice(0, sampleSize).flatMap(itemOf);
}

/** The calls that have ended and were not handed out before. */
async function newlyEnded(functions: IPollFunctions): Promise<INodeExecutionData[]> {
	const now = Date.now();
	const stopAt = now + 0.8 * budgetOf(functions);
	const staticData = functions.getWorkflowStaticData('node');
	const stretch = nextStretch(progressOf(staticData, now), now);
	const { account, options } = await openSession(functions);
	const passes = outcomeFilter(functions);

	const found: Found[] = [];
	const input: ListCallsInput & { position?: string } = {
		...listFilters(functions),
		createdAfter: new Date(stretch.from),
		createdBefore: new Date(stretch.to),
		sortBy: 'oldest',
		pageSize: 100,
		...(stretch.position === undefined ? {} : { position: stretch.position }),
	};
	let unfinished: string | null = null;
	for await (const page of callsBetween(account, input, options)) {
		found.push(...page.calls.map((call, index) => ({ call, raw: page.raw[index] })));
		if (Date.now() > stopAt) {
			unfinished = page.position;
			break;
		}
	}

	// Read again and written at once: whatever went wrong above has changed nothing.
	const progress = progressOf(staticData, now);
	const news = found.filter(({ call }) => {
		const endedAt = Date.parse(call.endedAt ?? call.updatedAt ?? call.createdAt ?? '');
		if (call.state !== 'ended' || endedAt < progress.since || !passes(call)) return false;
		return handOut(progress, call.sid, Date.parse(call.createdAt ?? '') || now);
	});
	const { from, to, longLook } = stretch;
	Object.assign(
		staticData,
		unfinished === null
			? finished(progress, stretch)
			: { ...progress, unfinished: { from, to, longLook, position: unfinished } },
	);
	return news.flatMap(itemOf);
}

/** How long this poll may take, in milliseconds; older n8n versions do not say. */
function budgetOf(functions: IPollFunctions): number {
	return typeof functions.getPollBudgetMs === 'function' ? functions.getPollBudgetMs() : 60_000;
}

function listFilters(functions: IPollFunctions): ListCallsInput {
	const filters = { ...(functions.getNodeParameter('filters', {}) as IDataObject) };
	delete filters.outcomes;
	return filters;
}

/** The one filter that Exotel's list does not have. */
function outcomeFilter(functions: IPollFunctions): (call: Call) => boolean {
	const { outcomes = [] } = functions.getNodeParameter('filters', {}) as { outcomes?: string[] };
	return (call) => outcomes.length === 0 || outcomes.includes(call.outcome ?? '');
}

function itemOf({ call, raw }: Found): INodeExecutionData[] {
	const event = eventFromCall(call, raw, call.endedAt ?? call.updatedAt ?? new Date().toISOString());
	return event === null ? [] : [{ json: { ...event } as unknown as IDataObject }];
}
