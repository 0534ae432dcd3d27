/** What an error says besides its kind: codes, hints, waits. */
import assert from 'node:assert/strict';
import { knownErrorCodes, meaningOfCode } from '../../../exotel/http/error-codes';
import { answer, singapore } from '../samples';
import { outcome, reading } from '../scripted-transport';
import { aboutCall, aboutAccount, v1Error, v2Error, refusal } from './error-responses';

describe('a refusal', () => {
	it('knows every code of seed 001, and an unknown one keeps the kind of its status', () => {
		const documented: Record<string, number[]> = {
			input: [1001, 1002],
			auth: [1010],
			region: [1017],
			busy: [1012, 10703, 10706],
			forbidden: [10705, 10712, 10717, 10725],
			'not-found': [1021, 1022, 3043, 3044, 3045, 10702, 10716, 10731, 10806],
			exotel: [1100, 1101, 1200, 1203, 1300, 1500, 1600, 1601, 1800, 3040, 3042, 3046, 3075, 3080, 4060],
		};
		for (const [kind, codes] of Object.entries(documented)) {
			for (const code of codes) {
				const error = refusal(answer(JSON.stringify(v2Error(code, 'words', 404)), 404), singapore, aboutCall);
				assert.deepEqual([error.kind, error.code], [kind, String(code)]);
				assert.ok(error.hint.startsWith(meaningOfCode(String(code))?.hint ?? '?'));
			}
		}
		assert.deepEqual(
			[...knownErrorCodes].sort(),
			[...Object.values(documented).flat(), 340030, 35008].map(String).sort(),
		);
		assert.equal(refusal(answer(JSON.stringify(v2Error(99999, 'new', 409)), 409), singapore).kind, 'busy');
		// A 404 with a code was written by an API that knows the account.
		assert.equal(
			refusal(answer(JSON.stringify(v2Error(99999, 'new', 404)), 404), singapore, aboutAccount).kind,
			'not-found',
		);
		assert.equal(meaningOfCode('toString'), undefined);
		assert.equal(meaningOfCode(null), undefined);
		const region = refusal(answer(JSON.stringify(v2Error(1017, 'AccountSid not found')), 404), singapore);
		assert.match(region.hint, /^Check the account SID\. If they are right.*try Mumbai/);
		assert.equal(
			refusal(answer(v1Error(503, 'Service Unavailable; ', 35008), 503), singapore).message,
			'Exotel refused: Service Unavailable; (HTTP 503, code 35008)',
		);
	});

	it('quotes Exotel in one line, without what a terminal obeys', () => {
		const forged = v1Error(400, 'no\r\n22 Nov - [info] forged\u2028\u001b[31mred');
		assert.equal(
			refusal(answer(forged, 400), singapore).message,
			'Exotel refused: no 22 Nov - [info] forged [31mred (HTTP 400)',
		);
	});

	it('quotes neither key nor token, in whatever form Exotel repeats them', async () => {
		const secrets = ['key-of-an-account', 'token-of-an-account'];
		const login = btoa(secrets.join(':'));
		const repeated = v1Error(400, `${secrets.join(' ')} Basic%20${login} key`);
		const { error } = await outcome(reading, [answer(repeated, 400)], { secrets, maxAttempts: 1 });
		assert.match(error?.message ?? '', /^Exotel refused: \*\*\* \*\*\* Basic%20\*\*\* key \(HTTP 400/);
		assert.doesNotMatch(JSON.stringify(error?.raw), /of-an-account/);
		// The simulator's are words that stand in any answer.
		const short = await outcome(reading, [answer(v1Error(400, 'the key'), 400)], { secrets: ['key', 'token'] });
		assert.match(short.error?.message ?? '', /the key/);
	});

	it('reads how long to wait, in seconds and as a date', () => {
		const now = Date.parse('2026-11-21T10:00:00Z');
		const waits = (header: string, at?: number) =>
			refusal(answer('', 429, { 'retry-after': header }), singapore, aboutCall, at).retryAfterMs;
		assert.equal(waits('30'), 30_000);
		assert.equal(waits(' 0 '), 0);
		assert.equal(waits('Sat, 21 Nov 2026 10:00:05 GMT', now), 5000);
		assert.equal(waits('Sat, 21 Nov 2026 09:00:05 GMT', now), 0);
		assert.equal(waits('Sat, 21 Nov 2026 10:00:05 GMT'), null);
		for (const nonsense of ['', 'soon', '-1', '1.5', '2026', '99999999'])
			assert.equal(waits(nonsense, now), nonsense === '2026' ? 2_026_000 : null, nonsense);
		assert.equal(refusal(answer('', 429), singapore).retryAfterMs, null);
	});
});
