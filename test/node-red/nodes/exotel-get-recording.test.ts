/** *get recording* and *look up number* against the real simulator. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startSimulator, type Simulator } from '../../../simulator/index';
import { reservePort, startNodeRed, type FlowNode, type RunningNodeRed } from '../running-node-red';

type Msg = {
	payload: any;
	filename?: string;
	exotel: Record<string, any>;
	error: { message: string; cause: Record<string, any> };
};

describe('exotel-get-recording', function () {
	this.timeout(30_000);
	let simulator: Simulator;
	let running: RunningNodeRed;
	let port: Awaited<ReturnType<typeof reservePort>>;
	let folder: string;

	beforeEach(async () => {
		simulator = await startSimulator({
			port: 0,
			speed: 0,
			accounts: [{ sid: 'acme1', key: 'key', token: 'token' }],
		});
		port = await reservePort();
		folder = await fs.mkdtemp(path.join(os.tmpdir(), 'exonodes-recording-'));
	});
	afterEach(async () => {
		await running.stop();
		await simulator.close();
		await fs.rm(folder, { recursive: true, force: true });
	});

	const start = async (recording: Record<string, unknown> = {}): Promise<void> => {
		const flow: FlowNode[] = [
			{ id: 'tab', type: 'tab' },
			{
				id: 'account',
				type: 'exotel-account',
				region: 'custom',
				baseUrl: simulator.url,
				sid: 'acme1',
				timeZone: 'Asia/Kolkata',
				defaultCountry: 'IN',
				requestsPerMinute: '6000',
				configVersion: 1,
			},
			{
				id: 'recording',
				z: 'tab',
				type: 'exotel-get-recording',
				account: 'account',
				url: 'payload.recordingUrl',
				urlType: 'msg',
				sid: 'payload.sid',
				sidType: 'msg',
				output: 'buffer',
				waitSeconds: '60',
				...recording,
				wires: [['out']],
			},
			{ id: 'out', z: 'tab', type: 'helper' },
			{ id: 'catcher', z: 'tab', type: 'catch', wires: [['caught']] },
			{ id: 'caught', z: 'tab', type: 'helper' },
		];
		running = await startNodeRed(port, flow, { credentials: { account: { apiKey: 'key', apiToken: 'token' } } });
	};
	const first = async (id: string): Promise<Msg> =>
		(await running.until(id, (all) => all.length >= 1))[0] as unknown as Msg;

	/** Places a call; gives its id once it has ended after `seconds`. */
	const call = async (to: string, record = true): Promise<string> => {
		const body = new URLSearchParams({
			From: '+919812345600',
			To: to,
			CallerId: '08047112233',
			Record: String(record),
		});
		const response = await fetch(`${simulator.url}/v1/Accounts/acme1/Calls/connect.json`, {
			method: 'POST',
			headers: { authorization: `Basic ${Buffer.from('key:token').toString('base64')}` },
			body,
		});
		return ((await response.json()) as { Call: { Sid: string } }).Call.Sid;
	};

	it('waits until the recording is there: first the call, then its address, then the sound', async () => {
		await start();
		const sid = await call('+919812345678');
		running.node('recording').receive({ payload: { sid, recordingUrl: null } } as never);
		await running.until('out', () => true);
		// The first try finds a running call; the node waits two seconds and tries again.
		await simulator.advance(60);
		const { payload, exotel } = await first('out');
		assert.ok(Buffer.isBuffer(payload) && payload.length === exotel['bytes'] && payload.length > 100);
		assert.match(exotel['contentType'], /^audio\//);
		assert.ok(exotel['tries'] >= 1);
	});

	it('saves a file that is complete when it has its name, in a folder that was not there', async () => {
		const file = path.join(folder, 'new', 'call.mp3');
		await start({ output: 'file', filename: file, filenameType: 'str' });
		const sid = await call('+919812345678');
		await simulator.advance(120);
		running.node('recording').receive({ payload: { sid } } as never);
		const { payload, filename, exotel } = await first('out');
		assert.deepEqual([payload, filename], [file, file]);
		assert.equal((await fs.stat(file)).size, exotel['bytes']);
		assert.deepEqual(await fs.readdir(path.dirname(file)), ['call.mp3'], 'nothing unfinished is left');
	});

	it('saves a file that only its owner may read', async function () {
		if (process.platform === 'win32') return this.skip();
		const file = path.join(folder, 'private.mp3');
		await start({ output: 'file', filename: file, filenameType: 'str' });
		const sid = await call('+919812345678');
		await simulator.advance(120);
		running.node('recording').receive({ payload: { sid } } as never);
		await first('out');
		assert.equal((await fs.stat(file)).mode & 0o777, 0o600);
	});

	it('waits for 1,000 recordings; one more is refused at once', async () => {
		await start();
		const sid = await call('+919812345678');
		const node = running.node('recording');
		for (let message = 0; message < 1000; message += 1) node.receive({ payload: { sid } } as never);
		node.receive({ payload: { sid }, topic: 'one more' } as never);
		const { error, topic } = (await first('caught')) as Msg & { topic?: string };
		assert.deepEqual([error.cause['kind'], topic], ['busy', 'one more']);
		assert.match(error.message, /1000 recordings are being waited for already/);
	});

	it('a call nobody answered has none: said at once', async () => {
		await start();
		const sid = await call('+919812345601');
		await simulator.advance(300);
		running.node('recording').receive({ payload: { sid } } as never);
		const { error } = await first('caught');
		assert.equal(error.cause['kind'], 'not-found');
		assert.match(error.message, /nobody talked/);
	});

	it('the time is up: the Catch nodes hear why', async () => {
		await start({ waitSeconds: '0' });
		const sid = await call('+919812345678', false);
		await simulator.advance(300);
		running.node('recording').receive({ payload: { sid } } as never);
		const { error } = await first('caught');
		assert.equal(error.cause['kind'], 'not-found');
		assert.match(error.message, /no recording yet/);
	});

	it('a file that cannot be written is said before anything is fetched', async () => {
		await fs.writeFile(path.join(folder, 'file'), '');
		await start({ output: 'file', filename: path.join(folder, 'file', 'call.mp3'), filenameType: 'str' });
		running.node('recording').receive({ payload: { recordingUrl: `${simulator.url}/x.mp3` } } as never);
		const { error } = await first('caught');
		assert.deepEqual([error.cause['kind'], error.cause['violations'][0].field], ['input', 'filename']);
	});

	it(
		'a folder in place of a file is said before anything is fetched, without the folders of the ' + 'machine',
		async () => {
			await start({ output: 'file', filename: folder, filenameType: 'str' });
			running.node('recording').receive({ payload: { recordingUrl: `${simulator.url}/x.mp3` } } as never);
			const { error } = await first('caught');
			assert.deepEqual([error.cause['kind'], error.cause['violations'][0].field], ['input', 'filename']);
			assert.ok(!error.message.includes(folder));
			assert.deepEqual(
				(await fs.readdir(path.dirname(folder))).filter((name) => name.startsWith(`${path.basename(folder)}.`)),
				[],
				'nothing is left beside it',
			);
		},
	);

	it('neither address nor call: every missing thing is named', async () => {
		await start({ output: 'file', filename: '', waitSeconds: '9999' });
		running.node('recording').receive({ payload: {} } as never);
		const { error } = await first('caught');
		assert.deepEqual(
			error.cause['violations'].map(({ field }: { field: string }) => field),
			['url', 'filename', 'waitSeconds'],
		);
	});
});

describe('exotel-lookup-number', function () {
	this.timeout(20_000);

	it('says what is known; a number that is none is refused before Exotel is asked', async () => {
		const simulator = await startSimulator({ port: 0, speed: 0 });
		const port = await reservePort();
		const running = await startNodeRed(
			port,
			[
				{ id: 'tab', type: 'tab' },
				{
					id: 'account',
					type: 'exotel-account',
					region: 'custom',
					baseUrl: simulator.url,
					sid: 'acme1',
					timeZone: 'Asia/Kolkata',
					defaultCountry: 'IN',
					configVersion: 1,
				},
				{
					id: 'look',
					z: 'tab',
					type: 'exotel-lookup-number',
					account: 'account',
					number: 'payload',
					numberType: 'msg',
					wires: [['out']],
				},
				{ id: 'out', z: 'tab', type: 'helper' },
				{ id: 'catcher', z: 'tab', type: 'catch', wires: [['caught']] },
				{ id: 'caught', z: 'tab', type: 'helper' },
			],
			{ credentials: { account: { apiKey: 'key', apiToken: 'token' } } },
		);
		running.node('look').receive({ payload: '098123 45678', topic: 'kept' } as never);
		const [found] = (await running.until('out', (all) => all.length === 1)) as unknown as (Msg & {
			topic: string;
		})[];
		assert.deepEqual(
			[found?.payload.number, found?.payload.type, found?.topic],
			['+919812345678', 'mobile', 'kept'],
		);
		assert.equal(typeof found?.payload.circle.code, 'string');
		assert.deepEqual(Object.keys(found?.payload).sort(), ['circle', 'dnd', 'number', 'operator', 'type']);
		running.node('look').receive({ payload: 'reception' } as never);
		const [caught] = (await running.until('caught', (all) => all.length === 1)) as unknown as Msg[];
		assert.equal(caught?.error.cause['violations'][0].field, 'number');
		await running.stop();
		await simulator.close();
	});
});
