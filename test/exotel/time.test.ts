/** Times: every stamp Exotel sends, in zones with and without daylight saving. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ExotelError, readTime, writeTime } from '../../exotel';
import { toIso } from '../../exotel/time';
import { propertyRuns as numRuns } from './samples';

const IST = 'Asia/Kolkata';
const NEW_YORK = 'America/New_York';

describe('readTime', () => {
	const read: [string, string | null][] = [
		['2019-04-08 03:17:59', '2019-04-08T03:17:59+05:30'],
		['2019-04-08T03:17:59', '2019-04-08T03:17:59+05:30'],
		['2019-04-08 03:17', '2019-04-08T03:17:00+05:30'],
		['2019-04-08', '2019-04-08T00:00:00+05:30'],
		[' 2019-04-08 03:17:59 ', '2019-04-08T03:17:59+05:30'],
		['2019-04-08 23:59:59', '2019-04-08T23:59:59+05:30'],
		['2019-01-31 00:00:00', '2019-01-31T00:00:00+05:30'],
		['2019-12-31 00:00:00', '2019-12-31T00:00:00+05:30'],
		['2020-02-29 10:00:00', '2020-02-29T10:00:00+05:30'],
		['1999-12-31 10:00:00', '1999-12-31T10:00:00+05:30'],
		['2021-06-30T02:43:13+05:30', '2021-06-30T02:43:13+05:30'],
		['2021-06-30T02:43:13.123456+05:30', '2021-06-30T02:43:13+05:30'],
		['2021-06-30T02:43:13+0530', '2021-06-30T02:43:13+05:30'],
		['2021-06-30T02:43:13-08:00', '2021-06-30T02:43:13-08:00'],
		['2022-11-03 22:54:40+05:30', '2022-11-03T22:54:40+05:30'],
		['2022-11-16T00:19:02 05:30', '2022-11-16T00:19:02+05:30'],
		['2022-01-01T00:00:00Z', '2022-01-01T05:30:00+05:30'],
		['2022-01-01t00:00:00z', '2022-01-01T05:30:00+05:30'],
		['Wed, 23 Feb 2022 12:31:59', '2022-02-23T12:31:59+05:30'],
		['23 February 2022 12:31', '2022-02-23T12:31:00+05:30'],
		['Wed, 3 Feb 2022 12:31:59 GMT', '2022-02-03T18:01:59+05:30'],
		['Wed, 23 Feb 2022 12:31:59 +0200', '2022-02-23T12:31:59+02:00'],
		['1970-01-01 05:30:00', null],
		['1970-01-01 05:30:00+05:30', null],
		['1970-01-01T00:00:00Z', null],
		['1969-12-31 19:00:00', null],
		['1970-01-02 00:00:00', '1970-01-02T00:00:00+05:30'],
		['0000-00-00 00:00:00', null],
		['null', null],
		['', null],
		['N/A', null],
		['2019-02-29 00:00:00', null],
		['1900-02-29 00:00:00', null],
		['2019-04-31 00:00:00', null],
		['2019-00-10 00:00:00', null],
		['2019-13-10 00:00:00', null],
		['2019-04-00 00:00:00', null],
		['2019-04-08 24:00:00', null],
		['2019-04-08 03:60:00', null],
		['2019-04-08 03:17:60', null],
		['2019-04-08_03:17:59', null],
		['2019/04/08 03:17:59', null],
		['2019-04-08 03-17-59', null],
		['2019-04-08 03:17:5x', null],
		['20x9-04-08 03:17:59', null],
		['2019-04-29T03:17:59', '2019-04-29T03:17:59+05:30'],
		['1970-02-01 00:00:00', '1970-02-01T00:00:00+05:30'],
		['2019-04-08T03:17:59+14:59', '2019-04-08T03:17:59+14:59'],
		[`Wed,${' '.repeat(40)}23 Feb 2022 12:31:59`, '2022-02-23T12:31:59+05:30'],
		[`Wed,${' '.repeat(41)}23 Feb 2022 12:31:59`, null],
		['2019-04-08T03:17:59+15:00', null],
		['2019-04-08T03:17:59+05:60', null],
		['23 Foo 2022 12:31:59', null],
		['2019-04-08 03:17:59 and more', null],
		[`2019-04-08 03:17:59.${'0'.repeat(60)}`, null],
	];
	for (const [written, expected] of read) {
		it(`reads ${JSON.stringify(written)} as ${expected ?? 'nothing'}`, () =>
			assert.equal(readTime(written, IST), expected));
	}

	it('reads every month by name', () => {
		const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
		names.forEach((name, index) => {
			assert.equal(
				readTime(`1 ${name} 2022 00:00:00`, IST),
				`2022-${String(index + 1).padStart(2, '0')}-01T00:00:00+05:30`,
			);
		});
	});

	it('reads a Date, and nothing of other types', () => {
		assert.equal(readTime(new Date('2022-01-01T00:00:00Z'), IST), '2022-01-01T05:30:00+05:30');
		assert.equal(readTime(new Date(NaN), IST), null);
		for (const written of [undefined, null, 0, 1578502803, {}, ['2019-04-08 03:17:59']])
			assert.equal(readTime(written, IST), null);
	});

	it('follows daylight saving', () => {
		assert.equal(readTime('2019-01-10 12:00:00', NEW_YORK), '2019-01-10T12:00:00-05:00');
		assert.equal(readTime('2019-07-10 12:00:00', NEW_YORK), '2019-07-10T12:00:00-04:00');
		assert.equal(readTime('2019-03-10 01:59:59', NEW_YORK), '2019-03-10T01:59:59-05:00');
		assert.equal(readTime('2019-03-10 03:00:00', NEW_YORK), '2019-03-10T03:00:00-04:00');
		assert.equal(
			readTime('2019-03-10 02:30:00', NEW_YORK),
			'2019-03-10T03:30:00-04:00',
			'in the hour that is skipped',
		);
		assert.equal(
			readTime('2019-11-03 01:30:00', NEW_YORK),
			'2019-11-03T01:30:00-04:00',
			'the first of the two hours',
		);
		assert.equal(readTime('2019-11-03 03:00:00', NEW_YORK), '2019-11-03T03:00:00-05:00');
	});

	it('takes the start of a day after the change where clocks change at midnight', () => {
		for (const [stamp, zone, expected] of [
			['2022-03-27 00:00:00', 'Asia/Beirut', '2022-03-27T01:00:00+03:00'],
			['2012-03-21 00:00:00', 'Asia/Tehran', '2012-03-21T01:00:00+04:30'],
			['2012-03-30 00:30:00', 'Asia/Amman', '2012-03-30T01:30:00+03:00'],
			['2018-11-04 00:00:00', 'America/Sao_Paulo', '2018-11-04T01:00:00-02:00'],
			['2011-12-30 00:00:00', 'Pacific/Apia', '2011-12-31T00:00:00+14:00'],
			['2011-12-31 00:00:00', 'Pacific/Apia', '2011-12-31T00:00:00+14:00'],
		] as const)
			assert.equal(readTime(stamp, zone), expected, `${stamp} ${zone}`);
	});

	it('takes the first of two equal times, east and west of Greenwich', () => {
		for (const [stamp, zone, expected] of [
			['2021-10-29 00:00:00', 'Asia/Amman', '2021-10-29T00:00:00+03:00'],
			['2022-10-29 23:30:00', 'Asia/Beirut', '2022-10-29T23:30:00+03:00'],
			['2022-10-30 00:00:00', 'Asia/Beirut', '2022-10-30T00:00:00+02:00'],
			['2023-10-29 02:30:00', 'Europe/Berlin', '2023-10-29T02:30:00+02:00'],
			['2023-10-29 03:00:00', 'Europe/Berlin', '2023-10-29T03:00:00+01:00'],
			['2023-03-26 02:30:00', 'Europe/Berlin', '2023-03-26T03:30:00+02:00'],
			['2023-11-05 00:00:00', 'America/Havana', '2023-11-05T00:00:00-04:00'],
			['2023-11-05 01:00:00', 'America/Havana', '2023-11-05T01:00:00-05:00'],
			['2023-04-02 01:45:00', 'Australia/Lord_Howe', '2023-04-02T01:45:00+11:00'],
		] as const)
			assert.equal(readTime(stamp, zone), expected, `${stamp} ${zone}`);
	});

	it('reads zones one after the other without mixing them up', () => {
		const stamp = '2019-04-08 03:17:59';
		assert.equal(readTime(stamp, IST), '2019-04-08T03:17:59+05:30');
		assert.equal(readTime(stamp, 'Asia/Singapore'), '2019-04-08T03:17:59+08:00');
		assert.equal(readTime(stamp, 'UTC'), '2019-04-08T03:17:59+00:00');
		assert.equal(readTime(stamp, IST), '2019-04-08T03:17:59+05:30');
	});

	it('reads more days than it remembers', () => {
		for (let day = 0; day < 1_200; day++) {
			const stamp = new Date(Date.UTC(2020, 0, 1 + day)).toISOString().slice(0, 10);
			assert.equal(readTime(`${stamp} 12:00:00`, IST), `${stamp}T12:00:00+05:30`);
		}
	});

	it('names an unknown time zone', () => {
		assert.throws(
			() => readTime('2019-04-08 03:17:59', 'Mars/Base'),
			(error: ExotelError) =>
				error.kind === 'input' &&
				error.violations[0]?.field === 'timeZone' &&
				error.violations[0].rule === 'time-zone' &&
				/Mars\/Base/.test(error.message),
		);
	});

	it('gives null or a real ISO 8601 time for anything', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.anything(),
					fc.string(),
					fc.stringMatching(/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z)?$/),
				),
				(written) => {
					const iso = readTime(written, IST);
					if (iso === null) return;
					assert.match(iso, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
					assert.ok(!Number.isNaN(Date.parse(iso)));
				},
			),
			{ numRuns },
		);
	});
});

describe('writeTime', () => {
	it('writes the zone’s wall clock', () => {
		assert.equal(writeTime(new Date('2020-01-01T00:00:00Z'), IST), '2020-01-01 05:30:00');
		assert.equal(writeTime('2020-01-01T00:00:00+05:30', IST), '2020-01-01 00:00:00');
		assert.equal(writeTime('2020-01-01 10:00:00', IST), '2020-01-01 10:00:00');
		assert.equal(writeTime('2019-07-10T00:00:00Z', NEW_YORK), '2019-07-09 20:00:00');
	});

	it('refuses what is no time', () => {
		for (const written of ['soon', '', new Date(NaN)]) {
			assert.throws(
				() => writeTime(written, IST),
				(error: ExotelError) =>
					error.kind === 'input' && error.violations[0]?.rule === 'time' && /2026-01-31/.test(error.message),
			);
		}
	});

	it('is read back as the same instant', () => {
		const instants = fc.date({ min: new Date('1971-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
		fc.assert(
			fc.property(instants, fc.constantFrom(IST, 'Asia/Singapore', 'UTC', 'Asia/Kathmandu'), (instant, zone) => {
				const back = Date.parse(readTime(writeTime(instant, zone), zone) as string);
				assert.equal(back, Math.floor(instant.getTime() / 1000) * 1000);
			}),
			{ numRuns },
		);
	});
});

describe('toIso', () => {
	it('shows an instant with the zone’s offset, to the second', () => {
		assert.equal(toIso(0, IST), '1970-01-01T05:30:00+05:30');
		assert.equal(toIso(1_554_674_879_999, IST), '2019-04-08T03:37:59+05:30');
		assert.equal(toIso(Date.UTC(2019, 6, 10), NEW_YORK), '2019-07-09T20:00:00-04:00');
		assert.equal(toIso(Date.UTC(2019, 6, 10), 'UTC'), '2019-07-10T00:00:00+00:00');
		assert.equal(toIso(Date.UTC(2019, 6, 10), 'Asia/Kathmandu'), '2019-07-10T05:45:00+05:45');
	});

	it('refuses what is no instant', () => {
		for (const number of [NaN, Infinity, -8_640_000_000_000_001])
			assert.throws(() => toIso(number, IST), RangeError);
	});
});
