/**
 * Drives every endpoint and every delivery, collects each field that is sent, and compares with the fidelity tables –
 * both ways, so that neither can go stale. Also: docs/fidelity.md is what the tables say.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fidelityDocument } from '../../simulator/fidelity/document';
import { behaviours } from '../../simulator/fidelity/behaviours';
import { surfaces } from '../../simulator/fidelity/fields';
import { apiRoutes } from '../../simulator/api/routes';
import { ACCOUNT, EXOPHONE, Line, multipartPairs, Receiver, subscribe } from './telephone-line';
import { must } from './must';

const DOCUMENT = path.join(__dirname, '..', '..', 'docs', 'fidelity.md');

describe('simulator: fidelity', () => {
	let line: Line;
	let receiver: Receiver;
	/** surface → fields seen */
	const sent = new Map<string, Set<string>>();

	const saw = (surface: string, fields: Iterable<string>) => {
		const seen = sent.get(surface) ?? new Set<string>();
		for (const field of fields) seen.add(field);
		sent.set(surface, seen);
	};
	const sawJson = (surface: string, value: unknown) => saw(surface, paths(value));

	before(async () => {
		line = await Line.open({ quirks: { answeredByInLegs: true, undocumentedQuestionFields: true } });
		receiver = await Receiver.open();
		receiver.answer = (received, response) => {
			const agent = '+919812345710';
			const answers: Record<string, unknown> = {
				'/connect-1.0': {
					destination: { numbers: [agent] },
					record: true,
					dial_passthru_event_url: `${receiver.url}/agent-passthru`,
				},
				'/connect-1.1': {
					destination: [{ contact_uri: agent }],
					recording: { record: true },
					call_event_passthru_url: `${receiver.url}/call-event`,
				},
			};
			response
				.writeHead(200, { 'Content-Type': 'application/json' })
				.end(JSON.stringify(answers[received.path] ?? {}));
		};
		await driveV1();
		await driveV2();
		await driveFlows();
	});
	after(async () => {
		await line.close();
		await receiver.close();
	});

	async function driveV1(): Promise<void> {
		const placed = await line.place({
			...subscribe(`${receiver.url}/v1`, ['ringing', 'answered', 'terminal']),
			Record: 'true',
			CustomField: 'x',
		});
		sawJson('v1-connect', placed.json);
		await line.placed({ ...subscribe(`${receiver.url}/v1-form`, ['terminal'], ''), CustomField: 'x' });
		await line.placed({ StatusCallback: `${receiver.url}/v1-default`, Record: 'true' });
		await line.simulator.advance(60);
		for (const { path: target, body } of receiver.received.filter((received) => received.path === '/v1'))
			sawJson('v1-callback', JSON.parse(body) ?? target);
		const named = (target: string) => receiver.received.filter((received) => received.path === target);
		// form fields are the JSON fields under other names
		const inForm = multipartPairs(must(named('/v1-form')[0])).map(([name]) =>
			name.replace(/^Legs\[\d\]\[(\w+)\]$/, 'Legs[].$1'),
		);
		assert.deepEqual([...new Set(inForm)].sort(), [...(sent.get('v1-callback') ?? [])].sort());
		saw(
			'v1-callback-default',
			multipartPairs(must(named('/v1-default')[0])).map(([name]) => name),
		);
		for (const query of ['?details=true', '?RecordingUrlValidity=5']) {
			sawJson('v1-details', (await line.v1('GET', `/Calls/${placed.json.Call.Sid}.json${query}`)).json);
			sawJson('v1-bulk', (await line.v1('GET', `/Calls.json${query}`)).json);
		}
		sawJson('v1-number', (await line.v1('GET', '/Numbers/XXXXX30240.json')).json);
		sawJson('v1-account', (await line.v1('GET', '.json')).json);
		sawJson('v1-exophones', (await line.v1('GET', '/IncomingPhoneNumbers.json')).json);
		const beta = `/v2_beta/Accounts/${ACCOUNT}/IncomingPhoneNumbers`;
		sawJson('v2_beta-exophones', (await line.request('GET', beta)).json);
		sawJson('v2_beta-exophone', (await line.request('GET', `${beta}/${EXOPHONE}`)).json);
		sawJson(
			'v2_beta-assign',
			(await line.request('PUT', `${beta}/${EXOPHONE}`, new URLSearchParams({ FriendlyName: 'a' }))).json,
		);
		sawJson('v1-error', (await line.v1('GET', '/Calls/x.json')).json);
		sawJson('v1-error', (await line.place({ To: '+919812345692' })).json);
	}

	async function driveV2(): Promise<void> {
		line.simulator.setAgents(ACCOUNT, [{ contact: '+919812345710', name: 'Asha' }]);
		const callbacks = ['answered', 'terminal'].map((event) => ({ event, url: `${receiver.url}/v2` }));
		const body = {
			from: { user_contact_uri: '+919812345710' },
			to: { customer_contact_uri: '+919812345720' },
			virtual_number: EXOPHONE,
			recording: true,
			status_callback: callbacks,
		};
		const placed = await line.v2('POST', '/calls', body);
		sawJson('v2-connect', placed.json);
		await line.simulator.advance(60);
		for (const received of receiver.received.filter(({ path: target }) => target === '/v2'))
			sawJson('v2-callback', JSON.parse(received.body));
		sawJson('v2-details', (await line.v2('GET', `/calls/${placed.json.response.data.call_sid}`)).json);
		sawJson('v2-users', (await line.v2('GET', '/users?fields=devices')).json);
		sawJson('v2-error', (await line.v2('GET', '/calls/x')).json);
	}

	async function driveFlows(): Promise<void> {
		for (const version of ['1.0', '1.1']) {
			const connect = { type: 'connect', version, url: `${receiver.url}/connect-${version}` };
			line.simulator.setFlow('7', {
				applets: [
					{ type: 'gather', prompt: 'Press 5', digits: '5' },
					connect,
					connect,
					{ type: 'passthru', url: `${receiver.url}/passthru` },
					{ type: 'gather', url: `${receiver.url}/gather` },
					{ type: 'greeting', url: `${receiver.url}/greeting` },
				],
			});
			await line.placed({ To: '', Url: 'http://my.exotel.com/Exotel/exoml/start_voice/7', CustomField: 'x' });
			await line.simulator.advance(120);
		}
		for (const received of receiver.received) {
			const surface = received.path.slice(1);
			if (surface === 'call-event') sawJson(surface, JSON.parse(received.body));
			else if (
				['connect-1.0', 'connect-1.1', 'passthru', 'gather', 'greeting', 'agent-passthru'].includes(surface)
			)
				saw(surface, received.query.keys());
		}
	}

	for (const { key, title, groups } of surfaces) {
		it(`lists exactly what is sent: ${title}`, () => {
			const listed = groups.flatMap(({ fields }) => fields);
			assert.deepEqual([...new Set(listed)].length, listed.length, 'a field is listed twice');
			assert.deepEqual([...(sent.get(key) ?? [])].sort(), listed.sort());
		});
	}

	it('knows every endpoint', () => {
		const titles = surfaces.map(({ title }) => title.replace('[.json]', ''));
		for (const { method, path: endpoint } of apiRoutes)
			assert.ok(titles.includes(`${method} ${endpoint.replace('[.json]', '')}`), `${method} ${endpoint}`);
		assert.deepEqual(
			[...sent.keys()].filter((key) => !surfaces.some((surface) => surface.key === key)),
			[],
		);
	});

	it('says of every behaviour where it comes from', () => {
		for (const { rule, from } of behaviours) assert.ok(rule && from, rule);
		assert.equal(new Set(behaviours.map(({ rule }) => rule)).size, behaviours.length);
	});

	it('is what docs/fidelity.md says', () => {
		// The second part is about the nodes; its own test compares it (test/house/nodes-fidelity.test.ts).
		const second = /^# Where is what,[^]*/m.exec(readFileSync(DOCUMENT, 'utf8'))?.[0] ?? '';
		const expected = second === '' ? fidelityDocument() : `${fidelityDocument()}\n${second}`;
		if (process.env.UPDATE_FIDELITY === '1') writeFileSync(DOCUMENT, expected);
		assert.equal(readFileSync(DOCUMENT, 'utf8'), expected);
	});
});

/** Paths of all leaves: `Calls[].Details.Legs[].Leg.Id`. Empty arrays and null are leaves. */
function paths(value: unknown, where = ''): string[] {
	if (Array.isArray(value))
		return value.length === 0 ? [where] : value.flatMap((entry) => paths(entry, `${where}[]`));
	if (typeof value === 'object' && value !== null)
		return Object.entries(value).flatMap(([key, entry]) => paths(entry, where ? `${where}.${key}` : key));
	return [where];
}
