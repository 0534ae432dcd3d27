/**
 * *applet* and *applet answer*: every caller is answered – by the flow, or by the fallback – and never with something
 * Exotel would drop.
 */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { checkAnswer } from '../../../exotel/applets/check-answer';
import { appletUrl } from '../../../exotel';
import { Runtime } from '../../../node-red/runtime';
import { webhookUrl } from '../../../node-red/webhooks/address';
import { startDouble, type Double } from '../../double';
import { reservePort, startNodeRed, type FlowNode, type RunningNodeRed } from '../running-node-red';

const SECRET = 'webhook-token-of-the-test';
const credentials = { account: { apiKey: 'key', apiToken: 'token', webhookToken: SECRET } };
const SID = 'b6cfaf5f5cef3ca0fc937749ef960e25';

/** The question of a Connect applet (seed 002), or of a Passthru when no version is given. */
const query = `CallSid=${SID}&CallFrom=09876543210&CallTo=08047112233&Direction=incoming&Created=2026-01-15+10%3A00%3A00&DialCallDuration=0&StartTime=2026-01-15+10%3A00%3A00&EndTime=1970-01-01+05%3A30%3A00&CallType=call-attempt&DialWhomNumber=&flow_id=926&From=09876543210&To=08047112233&CurrentTime=2026-01-15+10%3A00%3A02&digits=%222%22`;

describe('exotel-applet and exotel-applet-answer', function () {
	this.timeout(20_000);
	let port: Awaited<ReturnType<typeof reservePort>>;
	let running: RunningNodeRed | null = null;

	beforeEach(async () => {
		port = await reservePort();
	});
	afterEach(async () => {
		await running?.stop();
		running = null;
	});

	/** applet → `between` → answer; the Catch node's messages are at "caught", the questions at "asked". */
	/** Rings one number. */
	const ANSWER = {
		id: 'answer',
		z: 'tab',
		type: 'exotel-applet-answer',
		answer: 'connect',
		destinations: '+919812345678',
		destinationsType: 'str',
	};

	const flowOf = (
		applet: Record<string, unknown> = {},
		answer: Record<string, unknown> | null = {},
		between: FlowNode[] = [],
	): FlowNode[] => [
		{ id: 'tab', type: 'tab' },
		{
			id: 'account',
			type: 'exotel-account',
			region: 'custom',
			baseUrl: 'http://127.0.0.1:1',
			sid: 'acme1',
			publicUrl: port.url,
			timeZone: 'Asia/Kolkata',
			defaultCountry: 'IN',
			configVersion: 1,
		},
		{
			id: 'applet',
			z: 'tab',
			type: 'exotel-applet',
			account: 'account',
			path: 'who',
			configVersion: 1,
			...applet,
			wires: [['asked', ...(answer ? [between[0]?.id ?? 'answer'] : [])]],
		},
		{ id: 'asked', z: 'tab', type: 'helper' },
		...between,
		...(answer
			? [
					{
						...ANSWER,
						...answer,
					},
				]
			: []),
		{ id: 'catcher', z: 'tab', type: 'catch', wires: [['caught']] },
		{ id: 'caught', z: 'tab', type: 'helper' },
	];

	const start = async (flow: FlowNode[], parsedBodies = false): Promise<RunningNodeRed> => {
		running = await startNodeRed(port, flow, { credentials, parsedBodies });
		return running;
	};

	const ask = async (
		version: string | null = '1.0',
		parameters = query,
	): Promise<{ status: number; type: string; body: string; location: string | null }> => {
		const url = webhookUrl(port.url, '/exotel/who', SECRET);
		const response = await fetch(`${url}&${parameters}`, {
			redirect: 'manual',
			...(version === null ? {} : { headers: { 'Exotel-Version': version } }),
		});
		return {
			status: response.status,
			type: response.headers.get('content-type') ?? '',
			body: await response.text(),
			location: response.headers.get('location'),
		};
	};

	/** The answer is one Exotel takes, and rings these. */
	const rings = (version: '1.0' | '1.1', answer: Awaited<ReturnType<typeof ask>>, contacts: string[]): void => {
		assert.equal(answer.status, 200);
		assert.match(answer.type, /^application\/json/);
		assert.deepEqual(checkAnswer(version, answer.body), []);
		const { destination } = JSON.parse(answer.body) as {
			destination: { numbers: string[] } & { contact_uri: string }[];
		};
		assert.deepEqual(version === '1.0' ? destination.numbers : destination.map((one) => one.contact_uri), contacts);
	};

	it('the flow hears who asks, and the caller is put through in the version that was asked for', async () => {
		const { received, until } = await start(flowOf());
		rings('1.0', await ask('1.0'), ['+919812345678']);
		rings('1.1', await ask('1.1'), ['+919812345678']);
		await until('asked', (all) => all.length === 2);
		const [first] = received('asked') as unknown as {
			topic: string;
			payload: Record<string, any>;
			exotel: Record<string, any>;
		}[];
		assert.deepEqual([first?.topic, first?.payload['version'], first?.payload['digits']], ['connect', '1.0', '2']);
		assert.equal(first?.payload['call'].from, '+919876543210');
		assert.equal(first?.exotel['callSid'], SID);
		assert.equal(first?.exotel['raw'].CallSid, SID);
	});

	it('a form left at its defaults says nothing but whom to ring', async () => {
		const off = Object.fromEntries(
			['record', 'parallelRinging', 'fetchAfterAttempt', 'stateManagement', 'stickyAgent'].flatMap((name) => [
				[name, 'false'],
				[`${name}Type`, 'bool'],
			]),
		);
		await start(
			flowOf(
				{},
				{
					...off,
					ringTimeSeconds: '',
					ringTimeSecondsType: 'num',
					recordingChannels: '',
					recordingChannelsType: 'choice',
				},
			),
		);
		assert.deepEqual(JSON.parse((await ask('1.0')).body), { destination: { numbers: ['+919812345678'] } });
		assert.deepEqual(JSON.parse((await ask('1.1')).body), { destination: [{ contact_uri: '+919812345678' }] });
	});

	it('fields of the message go before those of the form', async () => {
		const change: FlowNode = { id: 'change', z: 'tab', type: 'helper', wires: [] };
		const { until, node } = await start(flowOf({}, null, []).concat(ANSWER, change));
		const asked = ask('1.0');
		const [msg] = await until('asked', (all) => all.length === 1);
		Object.assign((msg as unknown as { exotel: object }).exotel, {
			destinations: ['09812345601', '+919812345602'],
			record: true,
			musicOnHold: 'operator_tone',
		});
		node('answer').receive(msg as never);
		const answer = await asked;
		rings('1.0', answer, ['+919812345601', '+919812345602']);
		assert.deepEqual(
			[JSON.parse(answer.body).record, JSON.parse(answer.body).music_on_hold],
			[true, { type: 'operator_tone' }],
		);
	});

	for (const [name, applet, version, expected] of [
		['rings nobody', {}, '1.0', []],
		[
			'rings the numbers of the form',
			{ fallback: 'numbers', fallbackNumbers: '09812345670, +919812345671' },
			'1.1',
			['+919812345670', '+919812345671'],
		],
		[
			'rings nobody where the older applet cannot ring a SIP address',
			{ fallback: 'numbers', fallbackNumbers: 'sip:agent1' },
			'1.0',
			[],
		],
		[
			'rings the SIP address where the applet can',
			{ fallback: 'numbers', fallbackNumbers: 'sip:agent1' },
			'1.1',
			['sip:agent1'],
		],
	] as const) {
		it(`a flow that never answers: the fallback ${name}, and the Catch nodes hear of it`, async () => {
			const { until } = await start(flowOf({ deadlineSeconds: '0.3', ...applet }, null));
			rings(version, await ask(version), [...expected]);
			const [caught] = (await until('caught', (all) => all.length === 1)) as unknown as {
				error: { message: string; code: string };
				payload: { kind: string };
			}[];
			assert.equal(caught?.error.code, 'busy');
			assert.equal(caught?.payload.kind, 'connect');
		});
	}

	it('gives one caller more than 5,000 the fallback at once, with a warning', async () => {
		const fallback = { fallback: 'numbers', fallbackNumbers: '+919812345670' };
		const { RED, log, received } = await start(flowOf(fallback, null));
		const { pendingRequests } = Runtime.of(RED);
		const caller = () => ({
			nodeId: 'other',
			request: { call: { sid: SID } },
			response: new EventEmitter(),
			timeoutMs: 60_000,
			onSettled: () => undefined,
		});
		const others = Array.from({ length: 5000 }, (_, id) => pendingRequests.add(`${id}`, caller() as never));
		rings('1.0', await ask('1.0'), ['+919812345670']);
		for (const other of others) other.close();
		assert.match(log(), /Too many callers|exotel-applet\.warning\.too-many/);
		assert.equal(received('asked').length, 0);
	});

	it('a fallback URL: the answer is an error on purpose', async () => {
		await start(flowOf({ deadlineSeconds: '0.3', fallback: 'url' }, null));
		assert.equal((await ask('1.0')).status, 503);
	});

	it(
		'an answer Exotel would drop is not sent: the caller gets the fallback at once, the Catch ' +
			'nodes the reasons',
		async () => {
			const { until } = await start(
				flowOf(
					{ fallback: 'numbers', fallbackNumbers: '+919812345670' },
					{ destinations: '+919812345678, reception', ringTimeSeconds: '90', ringTimeSecondsType: 'num' },
				),
			);
			rings('1.0', await ask('1.0'), ['+919812345670']);
			const [caught] = (await until('caught', (all) => all.length === 1)) as unknown as {
				error: { cause: { kind: string; violations: { field: string }[] } };
			}[];
			assert.equal(caught?.error.cause.kind, 'input');
			assert.deepEqual(caught?.error.cause.violations.map(({ field }) => field).sort(), [
				'destinations[1]',
				'ringTimeSeconds',
			]);
		},
	);

	it('own JSON is checked by the rules of the version that asks', async () => {
		const own = '{"destination":{"numbers":["+919812345678"]},"distribute_calls":"equally"}';
		await start(flowOf({}, { answer: 'own', own, ownType: 'json' }));
		const answer = await ask('1.0');
		rings('1.0', answer, ['+919812345678']);
		assert.equal(JSON.parse(answer.body).distribute_calls, 'equally');
		rings('1.1', await ask('1.1'), []);
	});

	it('a Passthru: the first branch with 200, the second with 302', async () => {
		await start(flowOf({}, { answer: 'branch', branch: 'payload.digits = "2"', branchType: 'jsonata' }));
		assert.equal((await ask(null)).status, 200);
		const second = await ask(null, query.replace('%222%22', '%221%22'));
		assert.deepEqual([second.status, second.body], [302, '']);
	});

	it('a Switch Case behind a Passthru gets its case', async () => {
		await start(flowOf({}, { answer: 'case', caseName: 'sales', caseNameType: 'str' }));
		const chosen = await ask(null);
		assert.deepEqual([chosen.status, chosen.type, chosen.body], [200, 'text/plain', '{"select":"sales"}']);
	});

	it('a Passthru nobody answers gets the case of the form', async () => {
		await start(flowOf({ deadlineSeconds: '0.3', fallbackBranch: 'case', fallbackCase: 'nobody there' }, null));
		assert.equal((await ask(null)).body, '{"select":"nobody there"}');
	});

	for (const [what, change] of [
		[
			'nests it 3,000 levels deep',
			(msg: Record<string, unknown>) => {
				for (let level = 0; level < 3000; level += 1) msg['payload'] = { inner: msg['payload'] };
			},
		],
		[
			'lets nobody read a part of it',
			(msg: Record<string, unknown>) =>
				Object.defineProperty(msg, 'part', { enumerable: true, get: () => assert.fail('not to be read') }),
		],
	] as const)
		it(`answers this caller and the next when a flow has no answer to a message and ${what}`, async () => {
			const fallback = { fallback: 'numbers', fallbackNumbers: '+918049999999' };
			const { node } = await start(flowOf({ deadlineSeconds: '0.3', ...fallback }, null));
			node('asked').on('input', (msg) => void change(msg as unknown as Record<string, unknown>));
			for (let caller = 0; caller < 2; caller += 1) rings('1.0', await ask(), ['+918049999999']);
		});

	it('somebody to ring is no answer for a Passthru: it gets the fallback branch', async () => {
		await start(flowOf({}, { answer: 'connect' }));
		assert.equal((await ask(null)).status, 302);
	});

	it('a lost msg.res: the caller is found by the question, or by the call', async () => {
		const { until, node, received } = await start([
			...flowOf({}, null),
			{
				...ANSWER,
				callSid: 'call',
				callSidType: 'msg',
			},
		]);
		for (const [round, keep] of (
			[
				(msg) => ({ exotel: { requestId: msg.exotel.requestId } }),
				(msg) => ({ payload: msg.payload }),
				() => ({ payload: { sid: SID } }),
				() => ({ call: SID }),
			] as ((msg: any) => object)[]
		).entries()) {
			const asked = ask('1.0');
			await until('asked', (all) => all.length === round + 1);
			node('answer').receive(keep(received('asked')[round]) as never);
			rings('1.0', await asked, ['+919812345678']);
		}
	});

	it('who knows the address of another applet and the SID gets no answer that a flow finds by the call', async () => {
		const { until, node } = await start([
			...flowOf({ deadlineSeconds: '1' }, null),
			{
				...{ id: 'applet2', z: 'tab', type: 'exotel-applet', account: 'account', path: 'other' },
				...{ deadlineSeconds: '1', wires: [['stolen']] },
			},
			{ id: 'stolen', z: 'tab', type: 'helper' },
			ANSWER,
		]);
		const asked = ask('1.0');
		await until('asked', (all) => all.length === 1);
		const attack = fetch(`${webhookUrl(port.url, '/exotel/other', SECRET)}&${query}`, {
			headers: { 'Exotel-Version': '1.0' },
		}).then((response) => response.text());
		await until('stolen', (all) => all.length === 1);
		node('answer').receive({ payload: { sid: SID } } as never);
		node('answer').receive({ exotel: { callSid: SID }, payload: { sid: 'another' } } as never);
		assert.doesNotMatch(await attack, /9812345678/);
		await asked;
		const isTold = (msg: object): boolean =>
			/Several .+applet.+ nodes wait with this call/.test(JSON.stringify(msg));
		await until('caught', (all) => all.filter(isTold).length === 2);
	});

	it('nor when the request at the other address was hung up before, unless the answer names the request', async () => {
		const { until, node } = await start([
			...flowOf({ deadlineSeconds: '1' }, null),
			{
				...{ id: 'applet2', z: 'tab', type: 'exotel-applet', account: 'account', path: 'other' },
				...{ deadlineSeconds: '1', wires: [['stolen']] },
			},
			{ id: 'stolen', z: 'tab', type: 'helper' },
			ANSWER,
		]);
		const hungUp = new AbortController();
		const attack = fetch(`${webhookUrl(port.url, '/exotel/other', SECRET)}&${query}`, {
			headers: { 'Exotel-Version': '1.0' },
			signal: hungUp.signal,
		});
		await until('stolen', (all) => all.length === 1);
		hungUp.abort();
		await assert.rejects(attack);
		const isTold = (msg: object): boolean =>
			/Several .+applet.+ nodes wait with this call/.test(JSON.stringify(msg));
		for (const round of [1, 2]) {
			const asked = ask('1.0');
			const messages = await until('asked', (all) => all.length === round);
			node('answer').receive({ payload: { sid: SID } } as never);
			await until('caught', (all) => all.filter(isTold).length === round);
			if (round === 2) node('answer').receive(messages[1] as never);
			rings('1.0', await asked, round === 2 ? ['+919812345678'] : []);
		}
	});

	it('an answer that comes too late, or twice, is reported and changes nothing', async () => {
		const { until, node } = await start([...flowOf({ deadlineSeconds: '0.3' }, null), ANSWER]);
		rings('1.0', await ask('1.0'), []);
		const [msg] = await until('asked', (all) => all.length === 1);
		node('answer').receive(msg as never);
		const caught = (await until('caught', (all) => all.length === 2)) as unknown as { error: { code: string } }[];
		assert.equal(caught[1]?.error.code, 'not-found');
	});

	it("Node-RED's own http response can answer, and is held to the same rules", async () => {
		const respond =
			(payload: unknown, statusCode?: number): ((msg: any) => Promise<void>) =>
			async (msg) => {
				// What the core node does with a message (21-httpin.js).
				msg.res._res.set({ 'x-own': '1' });
				if (typeof payload === 'object') msg.res._res.status(statusCode ?? 200).jsonp(payload);
				else msg.res._res.status(statusCode ?? 200).send(payload);
				return Promise.resolve();
			};
		const { until } = await start(flowOf({}, null));
		const answered = async (
			version: string | null,
			round: number,
			how: (msg: any) => Promise<void>,
		): Promise<Awaited<ReturnType<typeof ask>>> => {
			const asked = ask(version);
			await how((await until('asked', (all) => all.length === round))[round - 1]);
			return asked;
		};
		rings('1.0', await answered('1.0', 1, respond({ destination: { numbers: ['+919812345678'] } })), [
			'+919812345678',
		]);
		rings('1.0', await answered('1.0', 2, respond({ destination: { numbers: ['reception'] } })), []);
		assert.equal((await answered(null, 3, respond('', 302))).status, 302);
		assert.equal(
			(await answered(null, 4, respond('gone', 404))).status,
			302,
			'a 404 is no branch: the fallback is',
		);
		await until('caught', (all) => all.length === 2);
	});

	it('a redeploy answers whoever waits, and the next question goes to the new node', async () => {
		const { until, deploy } = await start(
			flowOf({ fallback: 'numbers', fallbackNumbers: '+919812345670' }, { d: true }),
		);
		const asked = ask('1.0');
		await until('asked', (all) => all.length === 1);
		await deploy(
			flowOf({ name: 'again', fallback: 'numbers', fallbackNumbers: '+919812345670' }),
			'full',
			credentials,
		);
		rings('1.0', await asked, ['+919812345670']);
		rings('1.0', await ask('1.0'), ['+919812345678']);
	});

	it('an odd question with the right token is answered as well: nobody is rung', async () => {
		await start(flowOf());
		rings('1.1', await ask('1.1', 'nothing=here'), []);
		assert.equal((await ask(null, 'nothing=here')).status, 302);
		assert.equal((await fetch(`${port.url}/exotel/who?${query}`)).status, 401, 'without the token it is nobody');
	});

	it('an account that is not finished yet: the caller is answered all the same', async () => {
		await start(flowOf().map((node) => (node.id === 'account' ? { ...node, timeZone: 'Nowhere/Atall' } : node)));
		rings('1.0', await ask('1.0'), []);
		assert.equal((await ask(null)).status, 302);
	});

	it('a bad fallback is said at deploy, and somebody who rings is not left alone', async () => {
		const { log } = await start(
			flowOf({ deadlineSeconds: '0.3', fallback: 'numbers', fallbackNumbers: 'reception' }, null),
		);
		assert.match(log(), /not a phone number/);
		rings('1.0', await ask('1.0'), []);
	});

	describe('asks for a key, then connects, as the second double requests it', () => {
		let double: Double;
		beforeEach(async () => {
			double = await startDouble();
		});
		afterEach(() => double.close());

		const answers: FlowNode[] = [
			{
				id: 'ask',
				z: 'tab',
				type: 'exotel-applet-answer',
				answer: 'gather',
				promptText: 'For sales press 1.',
				promptTextType: 'str',
				maxDigits: '1',
				maxDigitsType: 'num',
				repeats: '1',
				repeatsType: 'num',
			},
			{
				id: 'greet',
				z: 'tab',
				type: 'exotel-applet-answer',
				answer: 'greeting',
				greetingText: 'payload.customField',
				greetingTextType: 'msg',
			},
			{
				id: 'dial',
				z: 'tab',
				type: 'exotel-applet-answer',
				answer: 'connect',
				destinations: '+919812345678',
				destinationsType: 'str',
			},
		];
		const address = (applet: 'connect' | 'gather' | 'greeting'): string =>
			appletUrl(webhookUrl(port.url, '/exotel/who', SECRET), applet);

		it('in one flow, by the addresses of the form', async () => {
			const { until, node } = await start(flowOf({}, null).concat(answers));
			const seen: unknown[] = [];
			/** What a Switch node by topic does with the next request. */
			const route = async (topic: string, answer: string): Promise<void> => {
				const all = await until('asked', (messages) => messages.length === seen.length + 1);
				const message = all.at(-1) as unknown as { topic: string; payload: { digits: unknown } };
				seen.push([message.topic, message.payload.digits]);
				assert.equal(message.topic, topic);
				node(answer).receive(message as never);
			};
			const [asked] = await Promise.all([
				double.hear(address('gather'), { applet: 'gather' }),
				route('gather', 'ask'),
			]);
			assert.deepEqual(
				[asked.hears, asked.maxDigits, asked.reasons],
				[Array(2).fill('For sales press 1.'), 1, []],
			);
			const [greeted] = await Promise.all([
				double.hear(address('greeting'), { applet: 'greeting', customField: 'Welcome, Asha.' }),
				route('greeting', 'greet'),
			]);
			assert.deepEqual([greeted.hears, greeted.reasons], [['Welcome, Asha.'], []]);
			const [{ dialled }] = await Promise.all([
				double.ask(address('connect'), { applet: 'connect-1.0', digits: '1' }),
				route('connect', 'dial'),
			]);
			assert.deepEqual(dialled, ['+919812345678']);
			// The HEAD request before the Greeting started no flow.
			assert.deepEqual(seen, [
				['gather', null],
				['greeting', null],
				['connect', '1'],
			]);
		});

		it('and hears the fallback when the flow does not answer', async () => {
			const fallback = { fallbackGreeting: 'Please hold.', deadlineSeconds: '0.2' };
			await start(flowOf(fallback, null));
			assert.deepEqual((await double.hear(address('gather'), { applet: 'gather' })).hears, [
				'Please press a key.',
			]);
			assert.deepEqual((await double.hear(address('greeting'), { applet: 'greeting' })).hears, ['Please hold.']);
		});
	});

	it('answers an unknown applet in the address with the fallback and says so', async () => {
		const { log, received } = await start(flowOf({ fallback: 'numbers', fallbackNumbers: '+919800000001' }));
		const { body } = await ask('1.0', `applet=gathr&${query}`);
		assert.deepEqual(JSON.parse(body), { destination: { numbers: ['+919800000001'] } });
		assert.deepEqual(received('asked'), []);
		assert.match(log(), /exotel-applet.warning.unreadable/);
	});

	it('connects without an optional field that is wrong, and reports the field', async () => {
		const { until } = await start(flowOf({}, { ringTimeSeconds: '61', ringTimeSecondsType: 'num' }));
		const { body } = await ask();
		assert.deepEqual(JSON.parse(body), { destination: { numbers: ['+919812345678'] } });
		const [caught] = (await until('caught', (all) => all.length === 1)) as unknown as {
			error: { message: string; cause: { violations: { field: string }[] } };
		}[];
		assert.match(caught?.error.message ?? '', /Ring for at most \(seconds\) must be at most 60/);
		assert.deepEqual(
			caught?.error.cause.violations.map(({ field }) => field),
			['ringTimeSeconds'],
		);
	});
});
