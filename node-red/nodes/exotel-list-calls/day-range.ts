/**
 * The ranges a person picks by name ("yesterday"), as instants. Days begin at midnight of the account's time zone,
 * because that is what Exotel's own reports show.
 */
import { earliestSearch, readTime, writeTime } from '../../../exotel/index';

/** Names of the ranges; `custom` takes the two times of the form. */
export type RangeName = 'today' | 'yesterday' | 'last7' | 'last30' | 'all' | 'custom';

/** ISO 8601 with offset, both ends included. */
export interface DayRange {
	createdAfter: string;
	createdBefore: string;
}

/** Midnight at or before an instant, ms since 1970. */
function midnight(instant: number, timeZone: string): number {
	const day = writeTime(new Date(instant), timeZone).slice(0, 10);
	return Date.parse(readTime(`${day} 00:00:00`, timeZone) ?? '');
}

/** The day before a midnight: one instant earlier is still that day, whatever the clocks do that night. */
const dayBefore = (start: number, timeZone: string): number => midnight(start - 1, timeZone);

/** The range of a name, seen from `now` (ms since 1970); null for `custom` and for unknown names. */
export function dayRange(name: string, now: number, timeZone: string): DayRange | null {
	const range = (from: number, to: number): DayRange => ({
		createdAfter: new Date(from).toISOString(),
		createdBefore: new Date(to).toISOString(),
	});
	const today = midnight(now, timeZone);
	// To the end of the day: Exotel's clock may be a little ahead of ours. 30 hours on is tomorrow, however long the
	// day.
	const tonight = midnight(today + 30 * 60 * 60 * 1000, timeZone) - 1000;
	const daysBack = (days: number): number => {
		let start = today;
		for (let day = 0; day < days; day += 1) start = dayBefore(start, timeZone);
		return start;
	};
	switch (name as RangeName) {
		case 'today':
			return range(today, tonight);
		case 'yesterday':
			return range(daysBack(1), today - 1000);
		case 'last7':
			return range(daysBack(7), tonight);
		case 'last30':
			return range(daysBack(30), tonight);
		case 'all':
			return range(earliestSearch(now), tonight);
		default:
			return null;
	}
}
