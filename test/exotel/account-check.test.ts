/** What the check of an account concludes from Exotel's answers in both regions, and from what a host hands in. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { checkAccount, finding, type CheckedAccount, type HttpResponse } from '../../exotel/index';
import { guessedFields, guessedRules } from '../../exotel/account-check/guesses';
import { HandClock } from './hand-clock';

const form = { region: 'singapore', sid: 'acme1', apiKey: 'key-of-acme', apiToken: 'token-of-acme' };
type Answer = Partial<HttpResponse> | Error;

const refusal = (status: number, headers: Record<string, string> = {}): Answer => ({
	status,
	headers,
	body: JSON.stringify({ RestException: { Status: status, Message: 'Refused.' } }),
});
const calls: Answer = { body: '{"Metadata":{},"Calls":[]}' };
const failing = (code: string): Error => Object.assign(new Error(code), { code });

/** Checks an account at servers that answer by host, or by the end of the path. */
async function check(answers: Record<string, Answer>, more: Partial<CheckedAccount> = {}) {
	const asked: string[] = [];
	const result = await checkAccount({
		host: 'a test',
		form,
		open: (account) => ({
			options: {
				account,
				clock: new HandClock(),
				async transport({ url, method }) {
					assert.equal(method, 'GET');
					const { hostname, pathname } = new URL(url);
					if (pathname.endsWith('/Calls.json')) asked.push(hostname);
					const answer =
						answers[pathname.split('/').at(-1) ?? ''] ?? answers[hostname] ?? failing('ENOTFOUND');
					if (answer instanceof Error) throw answer;
					return await Promise.resolve({ status: 200, headers: {}, body: '', ...answer });
				},
			},
		}),
		...more,
	});
	return { ...result, asked, keys: result.findings.map(({ about, key }) => `${about}: ${key}`) };
}

const [singapore, mumbai] = ['api.exotel.com', 'api.in.exotel.com'];

describe('the check of an account', () => {
	for (const status of [401, 404]) {
		it(`finds the right region when the chosen one answers ${status}, and says so about the guess`, async () => {
			const { findings, report, asked } = await check({ [singapore]: refusal(status), [mumbai]: calls });
			assert.deepEqual(
				findings.map(({ about, key, detail, level }) => [about, key, detail, level]),
				[['region', 'other-region', 'mumbai', 'fault']],
			);
			assert.deepEqual(asked, [singapore, mumbai]);
			const verdict = status === 404 ? 'confirmed' : 'different';
			assert.ok(report.includes(`[${verdict}] ${guessedRules.wrongRegion} – HTTP ${status}`), report);
		});
	}

	it('blames the key when both regions refuse it, and the SID when none knows it', async () => {
		const key = await check({ [singapore]: refusal(401), [mumbai]: refusal(401) });
		assert.deepEqual(key.keys, ['apiKey: key-or-token']);
		assert.match(key.report, /\[different\] wording and body of a v1 401, WWW-Authenticate – without/);
		const sid = await check({ [singapore]: refusal(404), [mumbai]: refusal(404) });
		assert.deepEqual(sid.keys, ['sid: sid']);
	});

	it('says whether Retry-After came with a 429, and asks once', async () => {
		const { asked, report } = await check({ [singapore]: refusal(429, { 'retry-after': '30' }) });
		assert.deepEqual(asked, [singapore]);
		assert.match(report, /\[confirmed\] Retry-After with a 429 – sent/);
	});

	it('asks no other region when there is no answer, or the server is not one of Exotel', async () => {
		for (const [code, key] of [
			['ENOTFOUND', 'dns'],
			['EAI_AGAIN', 'dns'],
			['CERT_HAS_EXPIRED', 'tls'],
			['EPROTO', 'tls'],
			['ETIMEDOUT', 'timeout'],
			['ECONNRESET', 'unreachable'],
		] as const) {
			const { keys, asked } = await check({ [singapore]: failing(code) });
			assert.deepEqual([keys, asked], [[`region: ${key}`], [singapore]]);
		}
		const { findings } = await check({ [singapore]: failing('ECONNREFUSED') });
		assert.equal(findings[0]?.detail, 'ECONNREFUSED');
		assert.doesNotMatch(findings[0]?.message ?? '', /ECONNREFUSED|reached/, "the host's sentence says that");
		const custom = { ...form, region: 'custom', baseUrl: 'https://exotel.example.com' };
		const { keys, asked } = await check({ 'exotel.example.com': refusal(401) }, { form: custom });
		assert.deepEqual([keys, asked], [['apiKey: key-or-token'], ['exotel.example.com']]);
	});

	for (const blank of [{ apiKey: '' }, { apiToken: '' }, { apiKey: '', apiToken: '' }])
		it(`says that no key was checked where ${Object.keys(blank).join(' and ')} may be blank`, async () => {
			const here = { ...form, region: 'custom', baseUrl: 'http://127.0.0.1:4010', ...blank };
			const unchecked = await check({ '127.0.0.1': calls }, { form: here });
			assert.equal(unchecked.keys[0], 'apiKey: no-key');
			assert.equal(unchecked.findings[0]?.level, 'note');
			assert.ok(!unchecked.keys.includes('account: works'));
			const checked = await check({ '127.0.0.1': calls }, { form: { ...here, apiKey: 'k', apiToken: 't' } });
			assert.equal(checked.keys[0], 'account: works');
			const there = { ...here, baseUrl: 'http://10.0.0.9:4010' };
			const { keys, asked } = await check({ '10.0.0.9': calls }, { form: there });
			assert.deepEqual([keys, asked], [Object.keys(blank).map((name) => `${name}: field`), []]);
		});

	it('tells what an account with other fields than the guessed ones has', async () => {
		const { report } = await check({
			'acme1.json': { body: '{"Account":{"Sid":"secret-value","Uri":"u","Plan":{"Name":"n"}}}' },
			[singapore]: calls,
		});
		assert.match(report, /\[different\] .* – missing: Account\.FriendlyName .*Account\.Plan\.Name/);
		assert.ok(!report.includes('secret-value'));
	});

	it('asks nothing when the host refuses', async () => {
		const { keys, asked } = await check({}, { refused: [finding('fault', 'apiKey', 'type-again')] });
		assert.deepEqual([keys, asked], [['apiKey: type-again'], []]);
	});

	describe('how Exotel reaches the host', () => {
		const broken = { ...form, apiKey: '' };
		const reach = async () => await Promise.resolve(finding('good', 'publicUrl', 'public-url.reached'));
		const reached = async (url: string, more: Partial<CheckedAccount> = {}) =>
			(await check({}, { form: broken, address: { url, reach }, ...more })).keys.slice(1);

		it('wants a public address with https', async () => {
			assert.deepEqual(await reached(''), ['publicUrl: public-url.missing']);
			assert.deepEqual(await reached('nonsense'), ['publicUrl: public-url.unreadable']);
			assert.deepEqual(await reached('https://10.0.0.1'), ['publicUrl: public-url.private']);
			assert.deepEqual(await reached('http://flows.example.com'), ['publicUrl: public-url.http']);
			assert.deepEqual(await reached('https://flows.example.com'), ['publicUrl: public-url.reached']);
		});

		it('wants a usable token', async () => {
			const url = 'https://flows.example.com';
			const token = async (webhookToken: string) => (await reached(url, { webhookToken })).slice(1);
			assert.deepEqual(await token(''), ['webhookToken: token.unusable']);
			assert.deepEqual(await token('short'), ['webhookToken: token.unusable']);
			assert.deepEqual(await token('0123456789abcdef'), []);
		});

		it('tells when the last callback came', async () => {
			const url = 'https://flows.example.com';
			const last = async (at: string | null) => (await reached(url, { lastCallbackAt: () => at })).slice(1);
			assert.deepEqual(await last(null), ['publicUrl: callback.none']);
			assert.deepEqual(await last('2026-11-22T04:00:00Z'), ['publicUrl: callback.seen']);
			const more = { form: broken, address: { url, reach }, lastCallbackAt: () => '2026-11-22T04:00:00Z' };
			const { findings } = await check({}, more);
			assert.equal(findings.find(({ key }) => key === 'callback.seen')?.detail, '2026-11-22T09:30:00+05:30');
		});
	});

	it('speaks of guesses that docs/fidelity.md has', () => {
		const page = fs.readFileSync(path.resolve(__dirname, '../../docs/fidelity.md'), 'utf8');
		for (const rule of Object.values(guessedRules)) assert.ok(page.includes(`| ${rule} | guess |`), rule);
		for (const { guess, fields } of guessedFields) {
			const section = page.split(`### ${guess.replaceAll('<', '\\<')}\n`)[1]?.split('\n### ')[0] ?? '';
			const guesses = section.split('\n').filter((line) => line.startsWith('| guess |'));
			const names = guesses.flatMap((line) => [...line.matchAll(/`([\w.[\]]+)`/g)].map(([, name]) => name));
			assert.deepEqual([...fields].sort(), names.sort(), guess);
		}
	});
});
