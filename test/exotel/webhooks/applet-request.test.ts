/** Questions of Connect and Passthru applets. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
	type Account,
	type AppletRequest,
	ExotelError,
	type IncomingRequest,
	readAppletRequest,
} from '../../../exotel';

const account: Account = { region: 'singapore', sid: 'acme1', timeZone: 'Asia/Kolkata', defaultCountry: 'IN' };
const folder = join(__dirname, '../../fixtures/exotel/applets');

interface QuestionFixture {
	source: string;
	note: string;
	request: Omit<IncomingRequest, 'receivedAt'>;
	expected: Omit<AppletRequest, 'raw'>;
}

const ask = (query: Record<string, unknown>, headers: IncomingRequest['headers'] = {}): AppletRequest =>
	readAppletRequest({ method: 'GET', headers, query: { CallSid: 'c1', ...query }, receivedAt: 0 }, account);

describe('documented questions', () => {
	for (const file of readdirSync(folder).filter((name) => name.startsWith('question-'))) {
		const fixture = JSON.parse(readFileSync(join(folder, file), 'utf8')) as QuestionFixture;
		it(`${file.replace('.json', '')} (${fixture.source})`, () => {
			const { raw, ...rest } = readAppletRequest({ ...fixture.request, receivedAt: 0 }, account);
			assert.deepEqual(rest, fixture.expected);
			assert.equal((raw as Record<string, unknown>)['CallSid'], fixture.expected.call.sid);
		});
	}
});

describe('readAppletRequest', () => {
	it('takes quotes off the pressed keys', () => {
		assert.equal(ask({ digits: '"89"' }).digits, '89');
		assert.equal(ask({ digits: '89' }).digits, '89');
		assert.equal(ask({ digits: '"#*1"' }).digits, '#*1');
		assert.equal(ask({ digits: '""8"9""' }).digits, '8"9');
		assert.equal(ask({ digits: '""' }).digits, null);
		assert.equal(ask({ digits: '"null"' }).digits, null);
		assert.equal(ask({}).digits, null);
		assert.equal(ask({ digits: 5 }).digits, '5');
	});

	it('knows the applet by its version header', () => {
		const kind = (headers: IncomingRequest['headers']) => {
			const { kind, version, call } = ask({}, headers);
			return [kind, version, call.api];
		};
		assert.deepEqual(kind({ 'Exotel-Version': '1.0' }), ['connect', '1.0', 'v1']);
		assert.deepEqual(kind({ 'EXOTEL-VERSION': ' 1.1 ' }), ['connect', '1.1', 'v2']);
		assert.deepEqual(kind({ 'exotel-version': '2.0' }), ['connect', null, 'v1']);
		assert.deepEqual(kind({}), ['passthru', null, 'v1']);
	});

	it('tells of the attempt before, if there was one', () => {
		assert.equal(ask({ DialCallStatus: 'null', DialWhomNumber: '' }).previousAttempt, null);
		assert.deepEqual(ask({ DialCallStatus: 'busy', DialCallDuration: '4' }).previousAttempt, {
			dialled: null,
			status: 'busy',
			durationSeconds: 4,
		});
		assert.deepEqual(ask({ DialWhomNumber: 'sip:a' }).previousAttempt, {
			dialled: 'sip:a',
			status: null,
			durationSeconds: null,
		});
		assert.equal(ask({ 'Insights[DialCallStatus]': 'completed' }).dialCallStatus, 'completed');
	});

	it('always has a running call', () => {
		const { call } = ask({ CallType: 'completed', DialCallStatus: 'completed' });
		assert.deepEqual([call.state, call.outcome], ['active', null]);
	});

	it('refuses what is no question', () => {
		for (const CallSid of ['', '{{CallSid}}'])
			assert.throws(
				() => ask({ CallSid }),
				(error: ExotelError) => error.kind === 'input' && error.httpStatus === 400,
			);
	});
});
