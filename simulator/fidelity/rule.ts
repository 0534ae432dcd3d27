/** One rule of the simulator's behaviour and its source. */
import type { Source } from './field-groups';

/** A row of the table of behaviours. */
export interface Behaviour {
	area: string;
	rule: string;
	source: Source;
	from: string;
}

/** Writes one rule in one line. */
export function rule(area: string, text: string, source: Source, from: string): Behaviour {
	return { area, rule: text, source, from };
}
