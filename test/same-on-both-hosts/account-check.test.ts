/**
 * The check of an account against the double: one thing is wrong at a time, and both hosts name it – and nothing else –
 * with what to do next and where to read about it. With nothing wrong, nothing is named.
 */
import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { Readable } from 'node:stream';
import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import helper from 'node-red-node-test-helper';
import { ExotelVoiceApi } from '../../credentials/ExotelVoiceApi.credentials';
import { Exotel } from '../../nodes/Exotel/Exotel.node.js';
import { findingKeys } from '../../exotel/account-check/finding';
import { sentences } from '../../nodes/Exotel/operations/checkSentences';
import texts from '../../node-red/account/locales/en-US/exotel-account.json';
import { startDouble, type Double } from '../double/index';
import { node } from '../nodes/hosted';
import { reservePort, startNodeRed, type RunningNodeRed } from '../node-red/running-node-red';

type Form = Record<string, string>;
interface Finding {
	level: 'good' | 'note' | 'fault';
	key: string;
	about: string;
	message?: string;
	help?: string | null;
}
interface Check {
	findings: Finding[];
	report: string;
}
interface Fault {
	name: string;
	/** What is changed in the form, and at Exotel. */
	form?: (double: Double) => Form;
	plant?: (double: Double) => void;
	/** The finding as `about: key`. */
	named: string;
}

const SECRETS = { apiKey: 'my-api-key-0815', apiToken: 'my-api-token-4711', webhookToken: '0123456789abcdef-hook' };
const list = (headers: Record<string, string> = {}) => ({
	status: 200,
	headers,
	body: '{"Metadata":{"Total":0},"Calls":[]}',
});
const refused = (status: number, message: string) => (double: Double) =>
	double.failNext('GET', 1, {
		status,
		body: JSON.stringify({ RestException: { Status: status, Message: message } }),
	});
/** Nobody is asked: the form is incomplete. */
const offline = { region: 'mumbai', apiToken: '' };

const faults: readonly Fault[] = [
	{ name: 'no API token', form: () => ({ ...offline, publicUrl: '' }), named: 'apiToken: field' },
	{ name: 'an account SID with a blank', form: () => ({ sid: 'my account' }), named: 'sid: field' },
	{ name: 'a region that is none', form: () => ({ region: 'delhi', publicUrl: '' }), named: 'region: field' },
	{
		name: 'a key on the internet by plain http',
		form: () => ({ baseUrl: 'http://exotel.example.com' }),
		named: 'baseUrl: field',
	},
	{ name: 'a time zone that is none', form: () => ({ timeZone: 'India' }), named: 'timeZone: field' },
	{ name: 'a wrong token', form: () => ({ apiToken: 'not-my-token' }), named: 'apiKey: key-or-token' },
	{ name: 'a wrong SID', form: () => ({ sid: 'acme2' }), named: 'sid: sid' },
	{
		name: 'a base URL of another server, or of a page',
		plant: (double) => double.failNext('GET', 1, { status: 404, body: '<pre>Cannot GET /page/v1/Accounts</pre>' }),
		named: 'baseUrl: base-url',
	},
	{ name: 'KYC that is not complete', plant: refused(403, 'Account not KYC compliant'), named: 'account: kyc' },
	{ name: 'an IP address that is not listed', plant: refused(403, 'IP not allowed'), named: 'account: forbidden' },
	{ name: 'no balance', plant: refused(402, 'Insufficient balance'), named: 'account: plan' },
	{ name: 'too many requests', plant: refused(429, 'Too many'), named: 'account: rate-limit' },
	{
		name: 'a web page of a proxy',
		plant: (double) => double.failNext('GET', 1, { status: 200, body: '<html><body>Log in</body></html>' }),
		named: 'account: unreadable',
	},
	{
		name: 'an error of Exotel',
		plant: (double) => double.failNext('GET', 1, { status: 500 }),
		named: 'account: failed',
	},
	{
		name: 'no ExoPhone',
		plant: (double) => void (double.account.exoPhones.length = 0),
		named: 'account: no-exophones',
	},
	{
		name: 'a clock that is an hour behind',
		plant: (double) => double.failNext('GET', 1, list({ Date: new Date(Date.now() + 3_600_000).toUTCString() })),
		named: 'account: clock',
	},
	{
		name: 'a time zone that Exotel does not write in',
		form: () => ({ timeZone: 'UTC' }),
		plant(double) {
			const [exoPhone = ''] = double.account.exoPhones;
			double.end(double.addCall({ from: '+919812345678', exoPhone }).sid);
		},
		named: 'timeZone: time-zone',
	},
	{
		name: 'a country that is not that of the ExoPhones',
		form: () => ({ defaultCountry: 'US' }),
		named: 'defaultCountry: country',
	},
	{ name: 'a name that is not known', form: () => ({ baseUrl: 'https://exotel.invalid' }), named: 'region: dns' },
	{
		name: 'a server without encryption',
		form: ({ origin }) => ({ baseUrl: origin.replace('http:', 'https:') }),
		named: 'region: tls',
	},
	{
		name: 'a server that is not there',
		form: () => ({ baseUrl: 'http://127.0.0.1:9' }),
		named: 'region: unreachable',
	},
	{
		name: 'a server that does not answer',
		plant(double) {
			const { timeout } = AbortSignal;
			// Only that of a request to Exotel is shortened.
			mock.method(AbortSignal, 'timeout', (ms: number) => timeout.call(AbortSignal, ms <= 6000 ? 20 : ms));
			double.failNext('GET', 1, { delay: 1000 });
		},
		named: 'region: timeout',
	},
	{
		name: 'an address that only this network reaches',
		form: () => ({ ...offline, publicUrl: 'http://192.168.1.5:1880' }),
		named: 'publicUrl: public-url.private',
	},
];

/** Operation *Check* of the Exotel node. */
async function inN8n(form: Form): Promise<Check> {
	const credential = new ExotelVoiceApi();
	const request = async (_: string, options: IHttpRequestOptions) => {
		const { auth, url, headers, abortSignal } = await credential.authenticate(form, options);
		const basic = Buffer.from(`${auth?.username}:${auth?.password}`).toString('base64');
		const response = await fetch(url, {
			headers: { ...(headers as Record<string, string>), authorization: `Basic ${basic}` },
			signal: abortSignal as AbortSignal,
		});
		const received: Record<string, string> = {};
		response.headers.forEach((value, name) => (received[name] = value));
		const body = Readable.from([Buffer.from(await response.text())]);
		return { statusCode: response.status, headers: received, body };
	};
	const parameters: Record<string, unknown> = { resource: 'account', operation: 'check' };
	const functions = {
		getNode: () => node,
		getInputData: () => [{ json: {} }],
		getNodeParameter: (name: string, _item: number, otherwise?: unknown) => parameters[name] ?? otherwise,
		evaluateExpression: () => `${form['publicUrl']}/webhook-waiting/1?signature=abc`,
		getCredentials: async () => await Promise.resolve(form),
		continueOnFail: () => false,
		logger: { info: () => {} },
		helpers: { httpRequestWithAuthentication: request },
	};
	const [[item] = []] = await new Exotel().execute.call(functions as unknown as IExecuteFunctions);
	return item?.json as unknown as Check;
}

/** The button *Test account*. */
async function inNodeRed(form: Form): Promise<Check> {
	const answer = await helper.request().post('/exotel-account/new/test').send(form).expect(200);
	return answer.body as Check;
}

describe('the check of an account, on both hosts', function () {
	this.timeout(20_000);
	let double: Double;
	let nodeRed: RunningNodeRed;
	let port: Awaited<ReturnType<typeof reservePort>>;
	before(async () => {
		port = await reservePort();
		nodeRed = await startNodeRed(port, [
			{ id: 'account', type: 'exotel-account', region: 'custom', sid: 'a', publicUrl: port.url },
			{ id: 'tab', type: 'tab' },
			{ id: 'events', z: 'tab', type: 'exotel-call-events', account: 'account', path: 'calls', wires: [[]] },
		]);
	});
	after(() => nodeRed.stop());
	beforeEach(async () => {
		double = await startDouble({ sid: 'acme1', key: SECRETS.apiKey, token: SECRETS.apiToken });
	});
	afterEach(async () => {
		mock.restoreAll();
		await double.close();
	});

	const healthy = (): Form => ({
		...SECRETS,
		region: 'custom',
		baseUrl: double.origin,
		sid: 'acme1',
		timeZone: 'Asia/Kolkata',
		defaultCountry: 'IN',
		publicUrl: port.url,
	});
	const named = ({ findings }: Check): string[] =>
		findings.filter(({ level }) => level === 'fault').map(({ about, key }) => `${about}: ${key}`);
	const hosts = { n8n: inN8n, 'Node-RED': inNodeRed };

	it('knows more than twelve faults', () => assert.ok(faults.length > 12));

	for (const { name, form = () => ({}), plant, named: expected } of faults) {
		for (const [host, check] of Object.entries(hosts)) {
			it(`names ${name}, in ${host}`, async () => {
				plant?.(double);
				const given = { ...healthy(), ...form(double) };
				const result = await check(given);
				const alone = expected.startsWith('publicUrl') ? ['apiToken: field', expected] : [expected];
				assert.deepEqual(named(result), alone);
				const found = result.findings.find(({ about, key }) => `${about}: ${key}` === expected);
				assert.match(found?.help ?? '', /troubleshooting\.md#[\w-]+$/);
				assert.match(result.report, new RegExp(`^\\[fault\\] ${expected}`, 'm'));
				if (host === 'n8n') assert.match(found?.message ?? '', /^[A-Z].{15,}/s);
			});
		}
	}

	for (const [host, check] of Object.entries(hosts)) {
		it(`names nothing of an account with which nothing is wrong, and places no call, in ${host}`, async () => {
			const result = await check(healthy());
			assert.deepEqual(named(result), []);
			const keys = result.findings.map(({ key }) => key);
			assert.deepEqual(keys.slice(0, 2), ['works', 'exophones']);
			// n8n shows a finding as it is: the sentence first, and nothing that is not there.
			if (host === 'n8n')
				assert.deepEqual(Object.keys(result.findings[0] ?? {}), ['message', 'level', 'about', 'key']);
			assert.deepEqual(keys.slice(2), [
				host === 'n8n' ? 'public-url.untested' : 'public-url.reached',
				'callback.none',
			]);
			assert.ok(double.requests.every(({ method }) => method === 'GET'));
			assert.equal(double.calls.length, 0);
		});

		it(`writes a report without key, token, SID, address and phone number, in ${host}`, async () => {
			const form = healthy();
			const words = `${SECRETS.apiKey} ${SECRETS.apiToken} acme1 ${form['baseUrl']} +919812345678 98765 43210`;
			double.failNext('GET', 1, { status: 403, body: JSON.stringify({ RestException: { Message: words } }) });
			const { report } = await check(form);
			assert.match(report, /forbidden/);
			for (const hidden of [...words.split(' '), port.url, SECRETS.webhookToken])
				assert.ok(!report.includes(hidden), hidden);
		});

		it(`says in the report what the account shows about guesses, in ${host}`, async () => {
			const account = { Sid: 's', FriendlyName: 'f', Type: 't', Status: 'a', Uri: 'u' };
			const { report: unseen } = await check(healthy());
			assert.match(unseen, /^\[not seen\] GET \/v1\/Accounts\/<sid>\[\.json\]/m);
			double.failNext('GET', 1, list());
			double.failNext('GET', 4, { status: 200, body: JSON.stringify({ Account: account }) });
			assert.match((await check(healthy())).report, /^\[confirmed\] GET \/v1\/Accounts\/<sid>\[\.json\]/m);
		});
	}

	it('has a sentence for each finding that the host can make, unless it brings one of the core', () => {
		const inNodeRed = new Set(flatten(texts.finding));
		const ofTheCore = [
			...[
				'field',
				'plan',
				'rate-limit',
				'base-url',
				'unreadable',
				'failed',
				'dns',
				'tls',
				'timeout',
				'exophones-unread',
			],
		];
		const onlyInNodeRed = [
			...['public-url.reached', 'public-url.unreachable', 'public-url.no-node-routes'],
			...['public-url.login-missing', 'public-url.login-refused', 'public-url.login-again'],
			...['public-url.repeated', 'type-again', 'undeployed', 'no-password', 'token.unusable'],
		];
		assert.deepEqual(
			findingKeys.filter((key) => !inNodeRed.has(key)),
			[...ofTheCore, 'public-url.untested'],
		);
		assert.deepEqual(
			new Set(findingKeys.filter((key) => sentences[key] === undefined)),
			new Set([...ofTheCore, ...onlyInNodeRed]),
		);
	});
});

function flatten(tree: object, before = ''): string[] {
	return Object.entries(tree).flatMap(([key, value]: [string, unknown]) =>
		typeof value === 'object' && value !== null ? flatten(value, `${before}${key}.`) : [before + key],
	);
}
