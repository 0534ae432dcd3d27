/** Flows as documents: what the control API gives can be put back as it is, all at once or one by one; errors say where. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFile } from 'node:child_process';
import { startSimulator } from '../../simulator/index';
import { ACCOUNT, Line } from './telephone-line';

const say = (text: string) => ({ type: 'greeting', text });
/** Every applet with every field. */
const EVERYTHING = [
	say('नमस्ते "Welcome"\n'),
	{ type: 'greeting', audioUrl: 'https://example.com/hello.wav' },
	{ type: 'greeting', url: 'http://example.com/hello?x=1' },
	{
		type: 'gather',
		prompt: 'Press 1',
		maxDigits: 1,
		finishOnKey: '',
		timeoutSeconds: 9,
		repeats: 2,
		repeatPrompt: 'Again',
		digits: '1',
		keys: { '2': [say('two')], '1': [{ type: 'hangup' }], '#': [] },
		noInput: [{ type: 'voicemail', audioUrl: 'http://example.com/v.wav', messageSeconds: 5 }],
	},
	{ type: 'gather', url: 'http://example.com/menu', fallbackUrl: 'http://example.com/menu2' },
	{ type: 'gather', promptAudioUrl: 'http://example.com/m.wav', repeatPromptAudioUrl: 'http://example.com/n.wav' },
	{
		type: 'connect',
		version: '1.1',
		url: 'http://example.com/connect',
		fallbackUrl: 'http://example.com/connect2',
		afterConversation: [{ type: 'passthru', url: 'http://example.com/log', async: true }],
		nobodyAnswers: [{ type: 'voicemail', text: 'Speak' }],
		didNotDial: [],
	},
	{ type: 'connect', url: 'http://example.com/connect' },
	{ type: 'passthru', url: 'http://example.com/p', onTrue: [say('yes')], onFalse: [say('no')] },
	{ type: 'switch-case', cases: { sales: [say('sales')], 'a b.c': [] } },
	{ type: 'hangup' },
];

describe('simulator: flows as documents', () => {
	let line: Line;

	beforeEach(async () => {
		line = await Line.open();
	});
	afterEach(() => line.close());

	const text = async (route: string): Promise<string> => (await line.control('GET', route)).text;

	it('gives a flow that can be put back byte for byte', async () => {
		const put = await line.control('PUT', '/flows/926', { applets: EVERYTHING });
		assert.equal(put.status, 200, put.text);
		const exported = await text('/flows/926');
		assert.equal(exported, put.text);
		assert.deepEqual(JSON.parse(exported).applets[3], EVERYTHING[3], 'nothing is lost');
		await line.control('DELETE', '/flows/926');
		assert.equal((await line.control('GET', '/flows/926')).status, 404);
		assert.equal((await line.control('PUT', '/flows/926', JSON.parse(exported))).text, exported);
		assert.equal(await text('/flows/926'), exported);
	});

	it('gives all flows so that they can be put back byte for byte, those of accounts too', async () => {
		await line.control('PUT', '/flows/926', { applets: EVERYTHING });
		await line.control('PUT', `/flows/926?account=${ACCOUNT}`, { applets: [say('own')] });
		await line.control('PUT', '/flows/b', { account: 'acme1', applets: [] });
		const exported = await text('/flows');
		assert.deepEqual(
			JSON.parse(exported).flows.map(({ id, account }: any) => [id, account]),
			[
				['926', null],
				['926', ACCOUNT],
				['b', 'acme1'],
			],
		);
		const other = await Line.open();
		try {
			await other.control('PUT', '/flows/gone', { applets: [] });
			assert.equal((await other.control('PUT', '/flows', JSON.parse(exported))).text, exported);
			assert.equal((await other.control('GET', '/flows')).text, exported);
			// the programmatic entry gives and takes the same
			other.simulator.reset();
			other.simulator.setFlows(JSON.parse(exported));
			assert.equal(JSON.stringify(other.simulator.flows()), exported);
			assert.deepEqual(other.simulator.flow('b', 'acme1'), JSON.parse(exported).flows[2]);
		} finally {
			await other.close();
		}
		const own = await text(`/flows/926?account=${ACCOUNT}`);
		assert.equal(JSON.parse(own).applets[0].text, 'own');
		assert.equal((await line.control('GET', '/flows/926?account=another')).status, 404);
	});

	it('adds flows with POST and keeps the others, and takes one flow with its id', async () => {
		await line.control('PUT', '/flows/a', { applets: [say('a')] });
		await line.control('PUT', '/flows/b', { applets: [say('b')] });
		const added = await line.control('POST', '/flows', { id: 'b', applets: [say('new')] });
		assert.deepEqual(added.json, { flows: [{ id: 'b', account: null, applets: [say('new')] }] });
		await line.control('POST', '/flows', {
			$schema: 'https://example.com/flow.schema.json',
			flows: [{ id: 'c', applets: [] }],
		});
		const { flows } = (await line.control('GET', '/flows')).json;
		assert.deepEqual(
			flows.map(({ id, applets }: any) => [id, applets[0]?.text]),
			[
				['a', 'a'],
				['b', 'new'],
				['c', undefined],
			],
		);
		line.simulator.addFlows({ id: 'd', applets: [] });
		assert.equal(line.simulator.flows().flows.length, 4);
	});

	it('changes nothing when one flow of many is wrong, and says where', async () => {
		await line.control('PUT', '/flows/a', { applets: [say('a')] });
		const before = await text('/flows');
		const document = {
			flows: [
				{ id: 'b', applets: [] },
				{ id: 'c', applets: [{ type: 'gather', prompt: 'x', keys: { 1: [{ type: 'greeting', txt: 'y' }] } }] },
			],
		};
		for (const method of ['PUT', 'POST']) {
			const answer = await line.control(method, '/flows', document);
			assert.equal(answer.status, 400);
			assert.deepEqual(answer.json, {
				error:
					'flows[1].applets[0].keys.1[0].txt is not a field of a greeting applet; ' +
					'its fields are type, text, audioUrl, url',
				path: ['flows', 1, 'applets', 0, 'keys', '1', 0, 'txt'],
			});
		}
		assert.equal(await text('/flows'), before);
		assert.equal((await line.control('PUT', '/flows?account=x', { flows: [] })).status, 400);
		assert.throws(() => line.simulator.setFlows({ flows: 5 }), /flows must be an array of flows/);
		assert.equal(await text('/flows'), before);
	});

	const http = { url: 'http://x/' };
	const wrong: [string, unknown, string][] = [
		['no applets', {}, 'applets must be an array of applets'],
		['no object', [], 'the flow must be an object with applets'],
		['another field', { applets: [], name: 'x' }, 'name is not a field of a flow'],
		['another id', { id: '2', applets: [] }, 'id must be 1, as in the address'],
		['a number as id', { id: 1, applets: [] }, 'id must be 1 to 64 letters'],
		['a number as account', { account: 1, applets: [] }, 'account must be a text'],
		['no type', { applets: [{}] }, 'applets[0].type must be one of greeting, gather, connect, passthru, switch-'],
		['another type', { applets: [{ type: 'ivr' }] }, 'applets[0].type must be one of'],
		['a text', { applets: ['x'] }, 'applets[0] must be an object'],
		['too many', { applets: Array(51).fill({ type: 'hangup' }) }, 'applets must have at most 50 applets'],
		['nothing to say', { applets: [{ type: 'greeting' }] }, 'applets[0] needs one of text, audioUrl, url'],
		[
			'two things',
			{ applets: [{ ...say('x'), ...http }] },
			'applets[0].url is one too many: give only one of text',
		],
		['an empty text', { applets: [say('')] }, 'applets[0].text must be a text of 1 to 2000 characters'],
		['null', { applets: [{ type: 'greeting', text: null }] }, 'applets[0].text must be a text of 1 to 2000'],
		['no URL', { applets: [{ type: 'connect' }] }, 'applets[0].url must be an http or https URL; it is missing'],
		['FTP', { applets: [{ type: 'passthru', url: 'ftp://x/' }] }, 'applets[0].url must be an http or https URL'],
		['a version', { applets: [{ type: 'connect', ...http, version: 1 }] }, 'applets[0].version must be "1.0" or'],
		[
			'a word',
			{ applets: [{ type: 'passthru', ...http, async: 'yes' }] },
			'applets[0].async must be true or false',
		],
		[
			'async with a branch',
			{ applets: [{ type: 'passthru', ...http, async: true, onFalse: [] }] },
			'applets[0].onFalse is not possible with async',
		],
		[
			'the old cases',
			{ applets: [{ type: 'passthru', ...http, cases: {} }] },
			'applets[0].cases is not a field of a passthru applet; its fields are type, url, async, onTrue, onFalse',
		],
		['no prompt', { applets: [{ type: 'gather' }] }, 'applets[0] needs one of prompt, promptAudioUrl, url'],
		[
			'what the answer says',
			{ applets: [{ type: 'gather', ...http, maxDigits: 1 }] },
			'applets[0].maxDigits is not possible with url',
		],
		[
			'a fallback without URL',
			{ applets: [{ type: 'gather', prompt: 'x', fallbackUrl: 'http://x/' }] },
			'applets[0].fallbackUrl is only possible with url',
		],
		[
			'no digit',
			{ applets: [{ type: 'gather', prompt: 'x', maxDigits: 0 }] },
			'applets[0].maxDigits must be a whole',
		],
		[
			'two keys',
			{ applets: [{ type: 'gather', prompt: 'x', finishOnKey: '##' }] },
			'applets[0].finishOnKey must be',
		],
		['a letter', { applets: [{ type: 'gather', prompt: 'x', digits: 'a' }] }, 'applets[0].digits must be 1 to 32'],
		['no key', { applets: [{ type: 'gather', prompt: 'x', keys: { a: [] } }] }, 'applets[0].keys.a is no key'],
		['no keys', { applets: [{ type: 'gather', prompt: 'x', keys: {} }] }, 'applets[0].keys must have 1 to 50'],
		[
			'no branch',
			{ applets: [{ type: 'gather', prompt: 'x', noInput: {} }] },
			'applets[0].noInput must be an array',
		],
		['no cases', { applets: [{ type: 'switch-case' }] }, 'applets[0].cases must be an object of lists of applets'],
		[
			'an odd case',
			{ applets: [{ type: 'switch-case', cases: { 'a b': [{ type: 'x' }] } }] },
			'applets[0].cases["a b"][0].type must be one of',
		],
		[
			'a long message',
			{ applets: [{ type: 'voicemail', messageSeconds: 3601 }] },
			'applets[0].messageSeconds must be a whole number from 0 to 3600',
		],
		['too much', { applets: [{ type: 'hangup', text: 'x' }] }, 'applets[0].text is not a field of a hangup applet'],
	];
	for (const [what, body, message] of wrong)
		it(`refuses ${what}`, async () => {
			const { status, json } = await line.control('PUT', '/flows/1', body);
			assert.equal(status, 400);
			assert.ok((json.error as string).startsWith(message), json.error);
			assert.equal((await line.control('GET', '/flows/1')).status, 404);
		});

	it('takes no more than 500 flows, also in one document', async () => {
		const many = (count: number, prefix = 'f') => ({
			flows: Array.from({ length: count }, (_, index) => ({ id: `${prefix}${index}`, applets: [] })),
		});
		assert.equal((await line.control('PUT', '/flows', many(501))).status, 400);
		assert.equal((await line.control('PUT', '/flows', many(500))).status, 200);
		assert.equal((await line.control('PUT', '/flows', many(500, 'g'))).status, 200, 'the others are gone');
		assert.equal((await line.control('POST', '/flows', many(1))).status, 400);
		assert.equal((await line.control('POST', '/flows', many(1, 'g'))).status, 200);
	});
});

describe('simulator: flows in files', () => {
	let folder: string;
	before(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'exotel-flows-'))));
	after(() => rmSync(folder, { recursive: true }));

	it('keep every applet over a restart in the data file', async () => {
		const dataFile = path.join(folder, 'data.json');
		const first = await startSimulator({ port: 0, speed: 0, dataFile });
		first.setFlow('926', { applets: EVERYTHING });
		const before = JSON.stringify(first.flows());
		await first.close();
		const second = await startSimulator({ port: 0, speed: 0, dataFile });
		const after = JSON.stringify(second.flows());
		await second.close();
		assert.equal(after, before);
	});

	const run = (file: string): Promise<{ code: number | null; stdout: string; stderr: string }> =>
		new Promise((resolve) => {
			const child = execFile(
				process.execPath,
				['--require', 'tsx/cjs', path.join('simulator', 'cli.ts'), '--port', '0', '--flows', file],
				(_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
			);
			let told = '';
			child.stdout?.on('data', (chunk: string) => {
				told += chunk;
				const base = /Base URL\s+(\S+)/.exec(told)?.[1];
				if (base === undefined || !told.includes('other')) return;
				void fetch(`${base}/_simulator/api/flows`)
					.then((response) => response.text())
					.then((text) => {
						told = '';
						child.kill('SIGTERM');
						flows = text;
					});
			});
		});
	let flows = '';

	it('are there from the start with --flows', async () => {
		const file = path.join(folder, 'flows.json');
		writeFileSync(file, JSON.stringify({ flows: [{ id: 'support', applets: [say('Welcome')] }] }));
		await run(file);
		assert.deepEqual(JSON.parse(flows), {
			flows: [{ id: 'support', account: null, applets: [say('Welcome')] }],
		});
	});

	it('that cannot be used stop the command line with the reason', async () => {
		const cases: [string, string | null, RegExp][] = [
			['missing.json', null, /the flows file .*missing\.json cannot be read: ENOENT/],
			['text.json', 'no JSON', /the flows file .*text\.json cannot be used: it is not JSON/],
			[
				'wrong.json',
				'{"id":"a","applets":[{"type":"connect"}]}',
				/the flows file .*wrong\.json cannot be used: applets\[0\]\.url must be an http or https URL/,
			],
		];
		for (const [name, content, message] of cases) {
			const file = path.join(folder, name);
			if (content !== null) writeFileSync(file, content);
			const { code, stderr } = await run(file);
			assert.equal(code, 1);
			assert.match(stderr, message);
		}
	});
});
