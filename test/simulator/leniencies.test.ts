/** One setting with two values: what a leniency names is refused by a strict simulator and passes as seen in the field. */
import assert from 'node:assert/strict';
import { EXOPHONE, FROM, Line, Receiver, TO, type Received } from './telephone-line';
import { LENIENCIES } from '../../simulator/model/leniencies';
import { startSimulator, type Strictness } from '../../simulator/index';

const statusOf = async (answer: Promise<{ status: number }>) => (await answer).status === 200;

const FLOW = { To: '', Url: 'http://my.exotel.com/Exotel/exoml/start_voice/926' };
/** Places a v2 call when the agent is free again. */
async function agentCall(line: Line, fields: Record<string, unknown>, type = 'application/json'): Promise<boolean> {
	await line.simulator.advance(200);
	const body = {
		from: { user_contact_uri: FROM },
		to: { customer_contact_uri: TO },
		virtual_number: EXOPHONE,
		...fields,
	};
	const headers = { 'Content-Type': type };
	return statusOf(line.request('POST', `/v2/accounts/${line.account}/calls`, JSON.stringify(body), headers));
}

/** Whether it passes, by the name of the leniency; several ways each. */
const ways: Readonly<Record<string, readonly ((line: Line) => Promise<boolean>)[]>> = {
	spellings: [
		(line) => statusOf(line.place({ Colour: 'red' })),
		(line) => statusOf(line.place({ From: `"${FROM}"` })),
		(line) => statusOf(line.place({ StartPlaybackTo: 'both' })),
		(line) => statusOf(line.place({ StatusCallback: 'http://127.0.0.1:1/', 'StatusCallbackEvents[]': 'terminal' })),
		(line) =>
			statusOf(
				line.v1('POST', '/Calls/connect.json', JSON.stringify({ From: FROM, To: TO, CallerId: EXOPHONE }), {
					'Content-Type': 'application/json',
				}),
			),
		(line) =>
			statusOf(
				line.v2('POST', '/calls', {
					from: { user_contact_uri: FROM },
					to: { customer_contact_uri: TO },
					virtual_number: EXOPHONE,
					recording: 'true',
				}),
			),
	],
	'parameters of another call': [
		...Object.entries({
			Record: 'true',
			RecordingChannels: 'dual',
			RecordingFormat: 'mp3',
			WaitUrl: 'http://127.0.0.1:1/a.wav',
			StartPlaybackValue: 'http://127.0.0.1:1/a.wav',
			StatusCallbackContentType: 'application/json',
		}).map(
			([name, value]) =>
				(line: Line) =>
					statusOf(line.place({ ...FLOW, [name]: value })),
		),
		(line) => statusOf(line.place({ ...FLOW, To: TO })),
		(line) => statusOf(line.place({ MaxRetries: '2' })),
		(line) => statusOf(line.place({ StreamBegin: 'now' })),
		(line) => statusOf(line.place({ details: 'true' })),
	],
	'v2 requests': [
		...[
			{ foo: 1 },
			{ from: { user_contact_uri: FROM, name: 'Asha' } },
			{ to: { customer_contact_uri: TO, name: 'Ravi' } },
			{ status_callback: [{ event: 'terminal', url: 'http://127.0.0.1:1/', method: 'GET' }] },
			{
				status_callback: ['one', 'two'].map((path) => ({
					event: 'terminal',
					url: `http://127.0.0.1:1/${path}`,
				})),
			},
			{ custom_field: 7 },
		].map((fields) => (line: Line) => agentCall(line, fields)),
		...['text/plain', 'application/jsonx'].map((type) => (line: Line) => agentCall(line, {}, type)),
	],
	'missing ExoPhone': [(line) => statusOf(line.place({ CallerId: '' }))],
	'foreign ExoPhone': [
		(line) => statusOf(line.place({ CallerId: '08011112222' })),
		async (line) => {
			await line.control('PUT', '/flows/1', { applets: [] });
			const inbound = { from: FROM, to: '08011113333', flow: '1', account: line.account };
			return statusOf(line.control('POST', '/inbound', inbound));
		},
	],
	limits: [
		(line) => statusOf(line.place({ TimeLimit: '14401' })),
		(line) => statusOf(line.v1('GET', '/Calls.json?PageSize=101')),
		(line) => statusOf(line.v1('GET', `/Calls.json?To=${Array(6).fill('%2B919812345670').join(',')}`)),
		(line) => statusOf(line.v1('GET', '/Calls.json?DateCreated=gte:2026-01-01+00:00:00')),
	],
	filters: [
		(line) => statusOf(line.v1('GET', '/Calls.json?Colour=red')),
		(line) => statusOf(line.v1('GET', '/Calls.json?DateCreated=yesterday')),
		...['Status=finished', 'Direction=outgoing', 'Duration=gte:10', 'details=1'].map(
			(filter) => (line: Line) => statusOf(line.v1('GET', `/Calls.json?${filter}`)),
		),
		...['details=1', 'Colour=red'].map(
			(filter) => async (line: Line) => statusOf(line.v1('GET', `/Calls/${await line.placed()}.json?${filter}`)),
		),
	],
	rate: [
		async (line) => {
			for (let count = 0; count < 200; count++) await line.placed();
			return statusOf(line.place());
		},
	],
	'national numbers': [
		(line) => statusOf(line.v1('GET', '/Calls.json?To=09812345680')),
		async (line) => {
			const body = { destination: { numbers: ['09812345680'] } };
			return (await line.control('POST', '/check-answer', { body })).json.rings.length === 1;
		},
	],
	'incoming agent events': [
		async (line) => {
			const events = (await sentInFlow(line)).filter(({ path }) => path === '/e');
			assert.ok(events.length > 0);
			return events.every(({ query }) => query.get('Direction') === 'incoming');
		},
	],
	'captured parameters': [
		async (line) => (await sentInFlow(line)).some(({ path, query }) => path === '/whom' && query.has('tenant_id')),
		async (line) => {
			line.simulator.setAgents(line.account, [{ contact: TO }]);
			return (await sentInFlow(line)).some(({ path, query }) => path === '/e' && query.has('AgentEmail'));
		},
	],
	'Created in RFC form': ['/whom', '/e'].map((place) => async (line: Line) => {
		const requests = (await sentInFlow(line)).filter(({ path }) => path === place);
		assert.ok(requests.length > 0);
		return requests.every(({ query }) => /^Sat, 21 Nov 2026 \d\d:/.test(query.get('Created') ?? ''));
	}),
};

/** What a Connect applet of version 1.0 requests and reports during an inbound call. */
async function sentInFlow(line: Line): Promise<Received[]> {
	const receiver = await Receiver.open();
	const answer = { destination: { numbers: [TO] }, dial_passthru_event_url: `${receiver.url}/e` };
	try {
		receiver.answer = ({ path }, response) =>
			response.setHeader('Content-Type', 'application/json').end(path === '/whom' ? JSON.stringify(answer) : '');
		await line.control('PUT', '/flows/1', { applets: [{ type: 'connect', url: `${receiver.url}/whom` }] });
		await line.control('POST', '/inbound', { from: FROM, to: EXOPHONE, flow: '1', account: line.account });
		await line.simulator.advance(60);
		return receiver.received;
	} finally {
		await receiver.close();
	}
}

describe('simulator: strict, or as seen in the field', () => {
	const lines = new Map<Strictness, Line>();
	beforeEach(async () => {
		lines.set('strict', await Line.open());
		lines.set('as-seen-in-the-field', await Line.open({ strictness: 'as-seen-in-the-field' }));
	});
	afterEach(async () => {
		for (const line of lines.values()) await line.close();
	});

	for (const { name, meaning } of LENIENCIES) {
		it(`${name}: ${meaning}`, async () => {
			const tried = ways[name] ?? [];
			assert.ok(tried.length > 0);
			for (const [index, passes] of tried.entries()) {
				for (const [strictness, line] of lines)
					assert.equal(
						await passes(line),
						strictness === 'as-seen-in-the-field',
						`${strictness}, way ${index}`,
					);
			}
		});
	}

	it('has no third value', async () => {
		for (const strictness of ['lenient', 'documented'])
			await assert.rejects(
				startSimulator({ port: 0, strictness: strictness as Strictness }),
				/strictness must be strict or as-seen-in-the-field/,
			);
	});

	it('says on the control API which value it has, and what passes', async () => {
		for (const [strictness, line] of lines) {
			const { json } = await line.control('GET', '/state');
			assert.equal(json.settings.strictness, strictness);
			assert.deepEqual(
				json.leniencies,
				LENIENCIES.map(({ name, meaning }) => ({ name, meaning })),
			);
		}
	});
});
