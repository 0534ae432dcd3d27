/**
 * Times: one reading for every stamp Exotel sends. v1 stamps are naive (`2019-04-08 03:17:59`) and mean the account's
 * zone, v2 stamps are ISO 8601, applets also send `Wed, 23 Feb 2022 12:31:59`; epoch zero in any dress, `"null"` and
 * blanks mean "nothing" (facts 3.4, 7.1, 8.4, 8.5, 8.9, 8.10). Inside, a time is ISO 8601 with its offset, to the
 * second.
 */
import { tzOffset } from '@date-fns/tz';
import { inputError } from './errors';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Zone offsets are remembered per zone and day: callbacks of one day all need the same one. Cleared when full. */
const DAYS_REMEMBERED = 512;
/** No stamp of Exotel is nearly as long. */
const LONGEST = 64;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
// The offset's `+` may have become a blank in a query string, as with numbers.
const ISO_LIKE =
	/^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?: ?(Z|[-+]\d\d:?\d\d)| (\d\d:\d\d))?)?$/i;
const RFC_LIKE = new RegExp(
	/^(?:[a-z]{3,9},?\s+)?(\d{1,2})\s+([a-z]{3})[a-z]{0,6}\s+(\d{4})\s+/.source +
		/(\d\d):(\d\d)(?::(\d\d))?\s*(Z|GMT|UTC|[-+ ]\d\d:?\d\d)?$/.source,
	'i',
);

interface WallClock {
	year: number;
	month: number;
	day: number;
	hour: number;
	minute: number;
	second: number;
}

const suffixOfDay = new Map<string, string | null>();
let lastZone = '';
let lastDay = '';
let lastSuffix: string | null = null;

function two(value: number): string {
	return value < 10 ? `0${value}` : String(value);
}

/** `+05:30` for 330 minutes. */
function offsetSuffix(minutes: number): string {
	const whole = Math.round(Math.abs(minutes));
	return `${minutes < 0 ? '-' : '+'}${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
}

function zoneOffset(timeZone: string, epochMs: number): number {
	const minutes = tzOffset(timeZone, new Date(epochMs));
	if (Number.isNaN(minutes)) {
		throw inputError([
			{
				field: 'timeZone',
				rule: 'time-zone',
				message: `"${timeZone}" is not a time zone; an example is Asia/Kolkata.`,
			},
		]);
	}
	return minutes;
}

/** The zone's offset on a whole day as a suffix, or null when the clocks change around that day. */
function daySuffix(timeZone: string, day: string): string | null {
	if (day === lastDay && timeZone === lastZone) return lastSuffix;
	const key = `${timeZone} ${day}`;
	let suffix = suffixOfDay.get(key);
	if (suffix === undefined) {
		const noon = Date.parse(`${day}T12:00:00Z`);
		const before = zoneOffset(timeZone, noon - DAY_MS);
		suffix = before === zoneOffset(timeZone, noon + DAY_MS) ? offsetSuffix(before) : null;
		if (suffixOfDay.size >= DAYS_REMEMBERED) suffixOfDay.clear();
		suffixOfDay.set(key, suffix);
	}
	lastZone = timeZone;
	lastDay = day;
	lastSuffix = suffix;
	return suffix;
}

function isReal(wall: WallClock): boolean {
	if (wall.month < 1 || wall.month > 12 || wall.day < 1 || wall.day > (MONTH_DAYS[wall.month - 1] as number))
		return false;
	if (wall.month === 2 && wall.day === 29 && new Date(Date.UTC(wall.year, 1, 29)).getUTCMonth() !== 1) return false;
	return wall.hour < 24 && wall.minute < 60 && wall.second < 60;
}

/** True for the stamps that stand for "nothing": epoch zero, whose date is 1970-01-01 in Exotel's zone, and year 0. */
function isNoTime(wall: WallClock): boolean {
	return wall.year < 1970 || (wall.year === 1970 && wall.month === 1 && wall.day === 1);
}

function utcOf(wall: WallClock): number {
	return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);
}

function day(wall: WallClock): string {
	return `${wall.year}-${two(wall.month)}-${two(wall.day)}`;
}

function clock(wall: WallClock): string {
	return `${two(wall.hour)}:${two(wall.minute)}:${two(wall.second)}`;
}

/**
 * A wall clock of the zone as an instant: in the hour that clocks skip, the time after the change; of two equal times,
 * the first. The start of a day is right also where clocks change at midnight.
 */
function instantOf(wall: WallClock, timeZone: string): number {
	const utc = utcOf(wall);
	const [before, after] = [zoneOffset(timeZone, utc - DAY_MS), zoneOffset(timeZone, utc + DAY_MS)];
	const instant = utc - after * MINUTE_MS;
	const first = utc - before * MINUTE_MS;
	return zoneOffset(timeZone, first) !== before && zoneOffset(timeZone, instant) === after ? instant : first;
}

function withOffset(wall: WallClock, written: string, timeZone: string): string | null {
	if (/[A-Z]/i.test(written)) return toIso(utcOf(wall), timeZone);
	const digits = written.replace(/\D/g, '');
	if (Number(digits.slice(0, 2)) > 14 || Number(digits.slice(2)) > 59) return null;
	const suffix = `${written.startsWith('-') ? '-' : '+'}${digits.slice(0, 2)}:${digits.slice(2)}`;
	return `${day(wall)}T${clock(wall)}${suffix}`;
}

/** The stamp of nearly every callback, when it certainly is a real date: read without taking it apart. */
const NAIVE = /^2\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8]) (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;

/** Reads such a stamp; undefined when it is another one or the zone's clocks change around that day. */
function readNaive(text: string, timeZone: string): string | undefined {
	if (!NAIVE.test(text)) return undefined;
	const date = text.slice(0, 10);
	const suffix = daySuffix(timeZone, date);
	return suffix === null ? undefined : `${date}T${text.slice(11)}${suffix}`;
}

/** A stamp taken apart: what the clock showed, and its offset where it names one. */
interface Stamp {
	wall: WallClock;
	offset: string | undefined;
}

type Digits = string | undefined;

/** The date and the time of day out of their digits; no time of day is midnight. */
function wallClock([year, month, day]: readonly [Digits, number, Digits], time: readonly Digits[]): WallClock {
	const [hour, minute, second] = time;
	return {
		year: Number(year),
		month,
		day: Number(day),
		hour: Number(hour ?? 0),
		minute: Number(minute ?? 0),
		second: Number(second ?? 0),
	};
}

function takeApart(text: string): Stamp | null {
	const iso = ISO_LIKE.exec(text);
	if (iso !== null) {
		const [, year, month, day, hour, minute, second, offset, plusAsBlank] = iso;
		const wall = wallClock([year, Number(month), day], [hour, minute, second]);
		return { wall, offset: offset ?? plusAsBlank };
	}
	const rfc = RFC_LIKE.exec(text);
	if (rfc === null) return null;
	const [, day, month = '', year, hour, minute, second, offset] = rfc;
	return { wall: wallClock([year, MONTHS.indexOf(month.toLowerCase()) + 1, day], [hour, minute, second]), offset };
}

/**
 * Reads a stamp. A naive one is in `timeZone` (IANA, e.g. `Asia/Kolkata`); one that names its offset keeps it; `Z` and
 * `GMT` are shown in `timeZone`. Returns ISO 8601 with offset, to the second, or null for nothing and for what is no
 * time.
 */
export function readTime(written: unknown, timeZone: string): string | null {
	if (written instanceof Date) return Number.isNaN(written.getTime()) ? null : toIso(written.getTime(), timeZone);
	if (typeof written !== 'string') return null;
	const naive = readNaive(written, timeZone);
	if (naive !== undefined) return naive;
	const text = written.trim();
	if (text.length > LONGEST) return null;
	const stamp = takeApart(text);
	if (stamp === null) return null;
	const { wall, offset } = stamp;
	if (!isReal(wall) || isNoTime(wall)) return null;
	if (offset !== undefined) return withOffset(wall, offset, timeZone);
	const suffix = daySuffix(timeZone, day(wall));
	return suffix === null ? toIso(instantOf(wall, timeZone), timeZone) : `${day(wall)}T${clock(wall)}${suffix}`;
}

/** The last second of a day without a time (`2026-01-31`), in milliseconds since 1970; null for anything else. */
export function endOfDay(written: string, timeZone: string): number | null {
	const day = /^\d{4}-\d\d-\d\d$/.exec(written.trim())?.[0];
	if (day === undefined || readTime(day, timeZone) === null) return null;
	// Not 23:59:59 of the day itself: where clocks are set back at midnight, that comes twice.
	const next = readTime(new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10), timeZone);
	return next === null ? null : Date.parse(next) - 1000;
}

/**
 * Writes an instant as Exotel's filters want it: `YYYY-MM-DD HH:mm:ss` in `timeZone`. A text is read by the rules of
 * `readTime`. Throws an `input` error for something that is no time.
 */
export function writeTime(instant: Date | string, timeZone: string): string {
	const iso = readTime(instant, timeZone);
	if (iso === null) {
		throw inputError([
			{ field: 'time', rule: 'time', message: 'This is not a time; an example is 2026-01-31 18:30:00.' },
		]);
	}
	return toIso(Date.parse(iso), timeZone).slice(0, 19).replace('T', ' ');
}

/** Latest instant a Date can hold, less a day for the offset. */
const LATEST = 8_640_000_000_000_000 - DAY_MS;

/**
 * An instant (milliseconds since 1970) as ISO 8601 with the offset of `timeZone`, to the second. Throws RangeError for
 * a number that is no instant.
 */
export function toIso(epochMs: number, timeZone: string): string {
	if (!(Math.abs(epochMs) <= LATEST)) throw new RangeError('This number is no instant.');
	const minutes = zoneOffset(timeZone, epochMs);
	return `${new Date(epochMs + minutes * MINUTE_MS).toISOString().slice(0, 19)}${offsetSuffix(minutes)}`;
}
