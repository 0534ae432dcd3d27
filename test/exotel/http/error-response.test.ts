/** Every refusal gets the right kind, Exotel's own words and a hint; no refusal tells a secret. */
import assert from 'node:assert/strict';
import { toExotelError } from '../../../exotel/http/error-response';
import { answer, custom, mumbai, sample, singapore } from '../samples';
import { aboutCall, aboutAccount, v1Error, v2Error, refusal } from './error-responses';

describe('a refusal', () => {
	it('shows nothing of an error under HTTP 200 that is longer than any of Exotel', () => {
		const body = (length: number): string => v1Error(403, 'x'.repeat(length));
		assert.match(refusal(answer(body(60_000), 200), singapore).message, /^Exotel refused: x/);
		const error = refusal(answer(body(70_000), 200), singapore, aboutCall);
		assert.deepEqual([error.kind, error.httpStatus, error.raw], ['exotel', 200, null]);
		assert.doesNotMatch(error.message, /xx/);
	});

	it('is none when the answer is a success', () => {
		for (const body of [
			'',
			'x',
			'{}',
			'{"Call":{}}',
			'{"RestException":null}',
			'{"response":{"status":"success","error_data":null}}',
			'{"response":[null,1]}',
			sample('seed-001-connect-agent.json'),
		]) {
			assert.equal(toExotelError(answer(body), singapore), null);
		}
		assert.equal(toExotelError(answer('{}', 299), singapore), null);
		assert.equal(toExotelError(answer(new Uint8Array([1]), 200), singapore), null);
	});

	it('quotes Exotel word by word (403: KYC, trial account, IP list)', () => {
		for (const words of [
			'Account is not KYC compliant as per TRAI regulation.',
			'Trial accounts may call verified numbers only',
			'IP not whitelisted',
		]) {
			const error = refusal(answer(v1Error(403, words), 403), singapore, aboutAccount);
			assert.deepEqual(
				[error.kind, error.message, error.httpStatus, error.code, error.retryable],
				['forbidden', `Exotel refused: ${words} (HTTP 403)`, 403, null, false],
			);
			assert.match(error.hint, /KYC.*trial.*IP address/);
			assert.deepEqual(error.raw, { RestException: { Status: 403, Message: words } });
		}
		const coded = refusal(answer(v1Error(403, 'not compliant', 340030), 403), singapore);
		assert.deepEqual(
			[coded.kind, coded.code, coded.message],
			['forbidden', '340030', 'Exotel refused: not compliant (HTTP 403, code 340030)'],
		);
		assert.match(coded.hint, /KYC verification/);
		const xml = refusal(
			answer(
				'<TwilioResponse><RestException><Status>403</Status><Message>No &amp; ' +
					'no</Message></RestException></TwilioResponse>',
				403,
			),
			singapore,
		);
		assert.equal(xml.message, 'Exotel refused: No & no (HTTP 403)');
	});

	it('classifies by HTTP status where nothing else is known', () => {
		const kinds: [number, string][] = [
			[301, 'exotel'],
			[400, 'input'],
			[401, 'auth'],
			[402, 'forbidden'],
			[403, 'forbidden'],
			[405, 'exotel'],
			[409, 'busy'],
			[410, 'not-found'],
			[418, 'exotel'],
			[422, 'input'],
			[429, 'rate-limit'],
			[500, 'exotel'],
			[502, 'exotel'],
			[503, 'exotel'],
			[504, 'exotel'],
		];
		for (const [status, kind] of kinds) {
			const error = refusal(answer('', status), custom, aboutCall);
			assert.deepEqual([error.kind, error.httpStatus, error.raw], [kind, status, null], String(status));
			assert.match(error.message, new RegExp(`\\(HTTP ${status}\\)\\. It gave no reason\\.$`));
			assert.notEqual(error.hint, '', String(status));
			assert.equal(error.retryable, [429, 502, 503, 504].includes(status), String(status));
		}
		assert.match(refusal(answer('', 301), singapore).message, /^Exotel redirected to another address/);
		assert.match(refusal(answer('', 301), singapore).hint, /https where needed/);
		assert.match(refusal(answer('', 402), singapore).hint, /plan and the balance/);
		assert.match(refusal(answer('', 429), singapore).message, /^Exotel received too many requests/);
		assert.match(refusal(answer('', 429), singapore).hint, /200 calls a minute/);
		assert.match(refusal(answer('', 400), singapore).hint, /Correct it/);
		assert.match(refusal(answer('', 500), singapore).hint, /Try again later/);
		assert.match(refusal(answer('', 409), singapore).hint, /Try again in a moment/);
		assert.match(refusal(answer('', 418), singapore).hint, /Check the values/);
		assert.match(refusal(answer('', 409), singapore).message, /not possible at the moment/);
		assert.match(refusal(answer('', 400), singapore).message, /did not accept the request/);
		assert.match(refusal(answer('', 402), singapore).message, /does not allow this/);
		assert.match(refusal(answer('', 500), singapore).message, /^Exotel returned an internal error \(HTTP 500\)/);
		assert.match(refusal(answer('', 405), singapore).message, /^Exotel returned an internal error \(HTTP 405\)/);
		assert.equal(refusal(answer('', 199), singapore).httpStatus, 199);
		assert.equal(
			refusal(answer('', 402), singapore).message,
			'Exotel does not allow this (HTTP 402). It gave no reason.',
		);
		assert.match(refusal(answer('', 404), singapore, { url: 'nonsense' }).message, /at this address \(HTTP 404\)/);
		assert.equal(refusal(answer('', 400), singapore, { url: '', resource: 'recording' }).retryable, false);
		assert.equal(refusal(answer('', 404), custom).hint, 'Check the base URL and the account SID.');
	});

	it('says which region is set and which to try, after a 401', () => {
		const here = refusal(answer('', 401), singapore, aboutCall);
		assert.deepEqual([here.kind, here.retryable], ['auth', false]);
		assert.match(here.message, /did not accept the API key and token \(HTTP 401\)/);
		assert.match(here.hint, /Check the API key and API token.*set to Singapore, try Mumbai/);
		assert.match(refusal(answer('', 401), mumbai).hint, /set to Mumbai, try Singapore/);
		const own = refusal(answer(v1Error(401, 'Authentication failed'), 401), custom);
		assert.deepEqual(
			[own.kind, own.message, own.hint],
			[
				'auth',
				'Exotel refused: Authentication failed (HTTP 401)',
				'Check the API key and API token of the account.',
			],
		);
		const v2 = refusal(answer(JSON.stringify(v2Error(1010, 'Authentication failed', 401)), 401), singapore);
		assert.deepEqual([v2.kind, v2.code], ['auth', '1010']);
		assert.match(v2.hint, /try Mumbai/);
	});

	it('smells the wrong region in a 404 about the account itself, or one that Exotel did not write', () => {
		const account = refusal(answer(v1Error(404, 'Not found'), 404), singapore, aboutAccount);
		assert.equal(account.kind, 'region');
		assert.match(account.hint, /Check the account SID\..*set to Singapore, try Mumbai/);
		const silent = refusal(answer('', 404), mumbai, aboutAccount);
		assert.equal(silent.kind, 'region');
		assert.match(
			silent.message,
			/does not know the account acme1 at api\.exotel\.com \(HTTP 404\)\. It gave no reason/,
		);
		const page = refusal(answer('<html>404</html>', 404), singapore, aboutCall);
		assert.equal(page.kind, 'region');
		assert.match(page.message, /It returned a web page instead of data/);
		assert.equal(refusal(answer('', 404), singapore).kind, 'region');
		assert.match(refusal(answer('', 404), mumbai).message, /at api\.in\.exotel\.com/);
		assert.match(refusal(answer('nope', 404), singapore).message, /It returned plain text instead of data/);
	});

	it('takes a 404 about a call, number or recording for what it is', () => {
		const call = refusal(answer(v1Error(404, 'No matching results'), 404), singapore, aboutCall);
		assert.deepEqual([call.kind, call.message], ['not-found', 'Exotel refused: No matching results (HTTP 404)']);
		assert.match(call.hint, /Check the call SID\. A call can be missing for some minutes/);
		assert.ok(!call.hint.includes('region'));
		assert.match(
			refusal(answer(v1Error(404, 'x'), 404), singapore, { url: '', resource: 'number' }).hint,
			/Indian numbers only/,
		);
		const recording = refusal(answer('<Error><Code>NoSuchKey</Code></Error>', 404), singapore, {
			url: '',
			resource: 'recording',
		});
		assert.deepEqual([recording.kind, recording.retryable], ['not-found', true]);
		assert.match(recording.message, /^Exotel does not know this recording \(HTTP 404\)\.$/);
		assert.match(recording.hint, /some minutes after the call has ended/);
		const early = refusal(answer('<Error><Code>AccessDenied</Code></Error>', 403), singapore, {
			url: '',
			resource: 'recording',
		});
		assert.deepEqual([early.kind, early.retryable], ['forbidden', true]);
		assert.match(early.hint, /may not be available yet, or its address may have expired/);
	});

	it('speaks of no region when the user named the address', () => {
		for (const error of [
			refusal(answer('', 404), custom, aboutAccount),
			refusal(answer('<html>', 404), custom, aboutCall),
			refusal(answer(JSON.stringify(v2Error(1017, 'AccountSid not found')), 404), custom),
		]) {
			assert.equal(error.kind, 'not-found');
			assert.ok(!/region|Mumbai|Singapore/.test(error.hint + error.message), error.hint);
		}
		assert.match(refusal(answer('', 404), custom, aboutAccount).hint, /base URL and the account SID/);
		assert.match(refusal(answer('', 404), custom, aboutAccount).message, /does not know this account or address/);
		assert.match(refusal(answer('', 404), custom, aboutCall).message, /does not know this call/);
	});

	it('believes the body where its status differs from HTTP, except about 401, 429 and 5xx', () => {
		assert.equal(refusal(answer(v1Error(404, 'No matching results'), 400), singapore, aboutCall).kind, 'not-found');
		assert.equal(refusal(answer(v1Error(404, 'No matching results'), 400), singapore, aboutCall).httpStatus, 400);
		assert.equal(refusal(answer(v1Error(403, 'x'), 200), singapore).kind, 'forbidden');
		assert.equal(refusal(answer(v1Error(403, 'x'), 401), singapore).kind, 'auth');
		assert.equal(refusal(answer(v1Error(400, 'x'), 429), singapore).kind, 'rate-limit');
		assert.equal(refusal(answer(v1Error(400, 'x'), 500), singapore).kind, 'exotel');
		assert.equal(refusal(answer(v1Error(399, 'x'), 400), singapore).kind, 'input');
		assert.equal(refusal(answer(v1Error(600, 'x'), 400), singapore).kind, 'input');
		assert.equal(refusal(answer(v1Error(599, 'x'), 400), singapore).kind, 'exotel');
		assert.equal(
			refusal(answer(v1Error(400, null), 200), singapore).message,
			'Exotel did not accept the request (HTTP 200).',
		);
	});

	it('reads v2 errors from an object and from a list, description before message', () => {
		const one = refusal(answer(JSON.stringify(v2Error(10731, 'User not found')), 404), singapore, aboutAccount);
		assert.deepEqual(
			[one.kind, one.code, one.message],
			['not-found', '10731', 'Exotel refused: User not found (HTTP 404, code 10731)'],
		);
		const { response, ...envelope } = v2Error(10731, 'User not found') as { response: object };
		const list = refusal(
			answer(JSON.stringify({ ...envelope, response: [{ status: 'success' }, response] }), 404),
			singapore,
			aboutAccount,
		);
		assert.deepEqual([list.kind, list.code, list.message], [one.kind, one.code, one.message]);
		const short = refusal(
			answer(JSON.stringify({ response: { error_data: { code: '10706', message: 'busy' } } }), 200),
			singapore,
		);
		assert.deepEqual(
			[short.kind, short.code, short.message, short.httpStatus],
			['busy', '10706', 'Exotel refused: busy (HTTP 200, code 10706)', 200],
		);
		assert.equal(
			refusal(
				answer(JSON.stringify({ http_code: 404, response: { status: 'failure' } }), 200),
				singapore,
				aboutCall,
			).kind,
			'not-found',
		);
		assert.equal(
			refusal(
				answer(JSON.stringify({ http_code: 404, response: { code: 403, status: 'failure' } }), 200),
				singapore,
				aboutCall,
			).kind,
			'forbidden',
		);
		// The Legs family: `response.error` (facts 1.3).
		assert.equal(
			refusal(
				answer(
					JSON.stringify({
						http_code: 429,
						response: { error: { code: 'RATE_LIMIT_EXCEEDED', message: 'slow down' } },
					}),
					429,
				),
				singapore,
			).code,
			'RATE_LIMIT_EXCEEDED',
		);
	});
});
