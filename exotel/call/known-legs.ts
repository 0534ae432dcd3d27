/** The legs of a call as a timeline keeps them: field by field, `legs.from.0.status`. */
import type { Leg, Party } from './call';
import { isActiveWord } from './outcome';

const legFields = ['status', 'onCallSeconds', 'ringingSeconds', 'answeredBy'] as const satisfies readonly (keyof Leg)[];

/** The name under which a leg is kept. */
type LegName = `legs.${Party}.${number}`;

/** What is known of the legs, by the name of the field. */
export type KnownLegs = { [Name in LegName]?: true } & {
	[Name in `${LegName}.${'status' | 'answeredBy'}`]?: string | null;
} & { [Name in `${LegName}.${'onCallSeconds' | 'ringingSeconds'}`]?: number | null };

type LegNames = Readonly<{ leg: LegName } & { [Field in (typeof legFields)[number]]: `${LegName}.${Field}` }>;

/** Legs of a party whose names are kept; a call has at most three or four. */
const KEPT_LEG_NAMES = 10;
const keptLegNames = {
	from: Array.from({ length: KEPT_LEG_NAMES }, (_, index) => writeLegNames('from', index)),
	to: Array.from({ length: KEPT_LEG_NAMES }, (_, index) => writeLegNames('to', index)),
};

/** The names under which a leg and its fields are kept. */
function legNames(party: Party, index: number): LegNames {
	return keptLegNames[party][index] ?? writeLegNames(party, index);
}

function writeLegNames(party: Party, index: number): LegNames {
	const leg = `legs.${party}.${index}` as const;
	return {
		leg,
		status: `${leg}.status`,
		onCallSeconds: `${leg}.onCallSeconds`,
		ringingSeconds: `${leg}.ringingSeconds`,
		answeredBy: `${leg}.answeredBy`,
	};
}

/** Takes one field: its name, its value (blank: null) and, where it is not the event's own, its priority. */
export type PutKnown<Known, Priority> = <Name extends keyof Known>(
	name: Name,
	value: Known[Name] | null,
	priority?: Priority,
) => void;

/** Hands out the legs as flat fields; `assumed` is the priority of what a later event may take back. */
export function eachLegField<Priority>(
	legs: readonly Leg[],
	assumed: Priority,
	put: PutKnown<KnownLegs, Priority>,
): void {
	const count = { from: 0, to: 0 };
	for (const leg of legs) {
		const names = legNames(leg.party, count[leg.party]++);
		put(names.leg, true);
		for (const field of legFields) {
			// A leg that has ended does not run again.
			const isRunning = field === 'status' && isActiveWord(leg.status);
			put(names[field], leg[field], isRunning ? assumed : undefined);
		}
	}
}

/** The legs as far as they are known. */
export function legsOf(known: KnownLegs, ended: boolean): Leg[] {
	const legs: Leg[] = [];
	for (const party of ['from', 'to'] as const) {
		for (let index = 0; ; index++) {
			const names = legNames(party, index);
			if (known[names.leg] !== true) break;
			const status = known[names.status] ?? null;
			legs.push({
				party,
				// A leg's running state says nothing any more once the call has ended.
				status: ended && isActiveWord(status) ? null : status,
				onCallSeconds: known[names.onCallSeconds] ?? null,
				ringingSeconds: known[names.ringingSeconds] ?? null,
				answeredBy: known[names.answeredBy] ?? null,
			});
		}
	}
	return legs;
}
