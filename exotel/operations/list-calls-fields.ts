/**
 * The filters of the list of calls (seed 004, bulk call details) and, but for `cursor`, of `callsBetween`. Source of
 * every filter: seed 004; facts 3.3 for how they are written.
 */
import { choice, decimal, integer, openChoice, openChoices, phones, text, texts, time } from '../fields/field';
import { callDetails, callSidPattern, EXAMPLE_CALL_SID } from './shared-fields';

const SEVERAL_NUMBERS = 'One number, or up to 5 separated by commas.';
const source = 'seed 004';

/** A filter by the length of the call. */
function duration(label: string, sentence: string, example: number) {
	const description = `Only calls that lasted ${sentence}, ringing included.`;
	return integer({
		label: `Lasted ${label} (seconds)`,
		description,
		parameter: 'Duration',
		source,
		unit: 'seconds',
		min: 0,
		example,
	});
}

/** A filter by the price of the call. */
function price(label: string, sentence: string, example: number) {
	const description = `Only calls that cost ${sentence}, in the currency of your account.`;
	return decimal({ label: `Cost ${label}`, description, parameter: 'Price', source, min: 0, example });
}

/** A filter by numbers. */
function numbers(label: string, sentence: string, parameter: string, example: string) {
	return phones({
		label,
		description: `Only calls ${sentence}. ${SEVERAL_NUMBERS}`,
		parameter,
		source,
		example,
		maxItems: 5,
		tier: 'common',
	});
}

/** The filters of a stream of calls. */
export const callFilterFields = {
	createdAfter: time({
		label: 'Started after',
		description: 'Only calls that started at this time or later. Exotel keeps calls for six months.',
		parameter: 'DateCreated',
		source,
		example: '2026-01-01 00:00:00',
		tier: 'main',
	}),
	createdBefore: time({
		label: 'Started before',
		description: 'Only calls that started at this time or earlier. A date alone includes that day.',
		endOfDay: true,
		parameter: 'DateCreated',
		source,
		example: '2026-01-31 23:59:59',
		tier: 'main',
	}),
	exoPhone: numbers('ExoPhone', 'over this ExoPhone', 'PhoneNumber', '+918047112233'),
	from: numbers('From', 'from this number', 'From', '+919812345678'),
	to: numbers('To', 'to this number', 'To', '+918012345678'),
	callStatus: openChoices({
		label: 'Status',
		description: 'Only calls that ended like this. Without a choice, all of them.',
		parameter: 'Status',
		source,
		options: [
			{ value: 'completed', label: 'Completed', description: 'Answered and ended normally.' },
			{ value: 'no-answer', label: 'Not answered', description: 'The phone rang but was not answered.' },
			{ value: 'busy', label: 'Busy', description: 'The line was busy.' },
			{ value: 'failed', label: 'Failed', description: 'The call could not be put through.' },
			{ value: 'canceled', label: 'Canceled', description: 'The other side hung up before it was answered.' },
		],
		example: ['no-answer', 'busy'],
		tier: 'common',
	}),
	direction: openChoice({
		label: 'Direction',
		description: 'Only calls of this kind. Without a choice, all of them.',
		parameter: 'Direction',
		source,
		options: [
			{ value: 'inbound', label: 'Incoming', description: 'A caller dialled an ExoPhone.' },
			{
				value: 'outbound-api',
				label: 'Placed by a program',
				description: 'By the API, a campaign or a flow like this one.',
			},
			{
				value: 'outbound-dial',
				label: 'Placed in the dashboard',
				description: 'Placed from the Exotel dashboard.',
			},
		],
		example: 'inbound',
		tier: 'common',
	}),
	sortBy: choice({
		label: 'Order',
		description: 'Which calls come first.',
		parameter: 'SortBy',
		source,
		options: [
			{ value: 'newest', label: 'Newest first', description: 'The latest call first.' },
			{ value: 'oldest', label: 'Oldest first', description: 'The earliest call first.' },
		],
		default: 'newest',
		example: 'oldest',
		tier: 'common',
	}),
	details: { ...callDetails, tier: 'common' as const },
	durationMinSeconds: duration('at least', 'this long or longer', 10),
	durationMaxSeconds: duration('at most', 'this long or shorter', 60),
	durationEqualsSeconds: duration('exactly', 'exactly this long', 30),
	priceMin: price('at least', 'this much or more', 0.1),
	priceMax: price('at most', 'this much or less', 1),
	priceEquals: price('exactly', 'exactly this much', 0.3),
	sids: texts({
		label: 'Call SIDs',
		description:
			'Only these calls; separate several by commas, best not more than 20. For calls older than 31 days also ' +
			'fill in the time.',
		parameter: 'Sid',
		source,
		example: EXAMPLE_CALL_SID,
		maxItems: 100,
		pattern: callSidPattern,
	}),
	pageSize: integer({
		label: 'Calls per page',
		description: 'How many calls Exotel sends at a time.',
		parameter: 'PageSize',
		source,
		unit: 'calls',
		min: 1,
		max: 100,
		default: 50,
		example: 100,
	}),
};

/** A cursor with its name: any printable characters. Exotel's have about 60 (seed 004). */
export const CURSOR = /^After=[!-~]{1,2048}$/;

/** Inputs of `listCalls`: the filters, and which page. */
export const listCallsFields = {
	...callFilterFields,
	cursor: text({
		label: 'Page',
		description: 'Where to go on: the "next" of the page before.',
		parameter: 'After',
		source,
		example: 'After=MTU3Nzk4NDQwNywwNmQ4ZmI0MDdlZWY5N2YxZmI0OTllNjZjOTI5MTQxMg==',
		pattern: {
			form: CURSOR,
			rule: 'must be the "next" of a page that was read before',
		},
	}),
};

/** The fields of `listCalls`. */
export type ListCallsFields = typeof listCallsFields;
