/** Questions of Connect and Passthru applets. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
	appletOf,
	appletUrl,
	type Account,
	type AppletKind,
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

	it('knows the applet by its address, whatever the header', () => {
		const read = (address: string, headers: IncomingRequest['headers'] = {}, expected?: AppletKind) => {
			const request = { method: 'GET', path: `/ask?CallSid=c1&${address}`, headers, receivedAt: 0 };
			const { kind, version, raw } = readAppletRequest(request, account, expected);
			assert.deepEqual(raw, { CallSid: 'c1' }, 'the word is ours and not Exotel’s');
			assert.deepEqual({ kind, version }, appletOf(request, expected));
			return [kind, version];
		};
		const header = { 'Exotel-Version': '1.0' };
		assert.deepEqual(read('applet=gather', header), ['gather', '1.0']);
		assert.deepEqual(read('applet=greeting'), ['greeting', null]);
		assert.deepEqual(read('applet=greeting', header), ['greeting', null]);
		assert.deepEqual(read('applet=passthru', header), ['passthru', null]);
		assert.deepEqual(read('applet=connect'), ['connect', null]);
		assert.deepEqual(read('applet=+GATHER+', header), ['gather', '1.0']);
		assert.deepEqual(read('', header), ['connect', '1.0']);
		assert.deepEqual(read('applet='), ['passthru', null]);
		assert.deepEqual(read('', header, 'gather'), ['gather', '1.0'], 'the one that is expected');
		assert.deepEqual(read('applet=connect', header, 'gather'), ['connect', '1.0'], 'the address comes first');
	});

	it('refuses an unknown applet in the address, and still says what a fallback needs', () => {
		const request = {
			method: 'GET',
			headers: { 'exotel-version': '1.0' },
			query: { CallSid: 'c1', applet: 'gathr' },
			receivedAt: 0,
		};
		assert.throws(
			() => readAppletRequest(request, account),
			(thrown: unknown) =>
				thrown instanceof ExotelError &&
				thrown.kind === 'input' &&
				/"applet" in its address must be one of connect, gather, greeting, passthru/.test(thrown.message),
		);
		assert.deepEqual(appletOf(request), { kind: 'connect', version: '1.0' });
		assert.deepEqual(appletOf(request, 'gather'), { kind: 'gather', version: '1.0' });
	});

	it('makes the address of an applet, which leads back to it', () => {
		const base = 'https://flows.example.com/exotel/menu';
		assert.equal(appletUrl(base, 'connect'), base);
		assert.equal(appletUrl(base, 'passthru'), base);
		assert.equal(appletUrl(base, 'gather'), `${base}?applet=gather`);
		assert.equal(appletUrl(`${base}?token=t`, 'greeting'), `${base}?token=t&applet=greeting`);
		for (const kind of ['gather', 'greeting'] as const) {
			const { search } = new URL(appletUrl(`${base}?token=t`, kind));
			assert.equal(appletOf({ method: 'GET', headers: {}, query: search, receivedAt: 0 }).kind, kind);
		}
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
