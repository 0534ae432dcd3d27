/** Calls that have ended and whose records Exotel has not finished, against the double of the vendor's documents. */
import assert from 'node:assert/strict';
import { pacerOf } from '../../exotel/http/pacers';
import { readAccount } from '../../exotel/index';
import { clock } from '../../nodes/host/clock';
import { ExotelCompletedCallsTrigger } from '../../nodes/ExotelCompletedCallsTrigger/ExotelCompletedCallsTrigger.node.js';
import { startDouble, type Double } from '../double';
import { callHost, pollHost, resumed } from './hosted';

const options = { sid: 'demo1', key: 'key', token: 'token', exoPhones: ['+918047112233'] };
const waits = { waitForOutcome: true, waitMinutes: 30 };

describe('the record of an ended call that Exotel has not finished', () => {
	let exotel: Double;
	beforeEach(async () => (exotel = await startDouble(options)));
	afterEach(() => exotel.close());

	it('is read again by Wait for Outcome, whose outcome then has the end time', async () => {
		exotel.nextCall({ terminal: { lateReads: 2 } });
		const { run, seen } = callHost(exotel.origin, waits);
		for (const step of [0, 1]) {
			const [parked] = await run();
			assert.equal(parked!.json['reason'], 'wait-timeout', `step ${step} waits on`);
		}
		const [{ json }] = (await run()) as [{ json: Record<string, unknown> }];
		assert.deepEqual([json['outcome'], json['durationSeconds'], seen.placed], ['answered', 17, 1]);
		assert.equal(typeof json['endedAt'], 'string');
	});

	it('is taken by the last step of Wait for Outcome, as is one whose wait cannot be read', async () => {
		for (const unreadable of [false, true]) {
			exotel.nextCall({ terminal: { lateReads: 9 } });
			const { run } = callHost(exotel.origin, { ...waits, waitMinutes: 0.0001 });
			const [parked] = await run();
			await new Promise((resolve) => setTimeout(resolve, 20));
			const last = unreadable
				? callHost(exotel.origin, waits, { items: [parked!], metadata: { exotelWait: 1 } }).run
				: run;
			const [{ json }] = (await last()) as [{ json: Record<string, unknown> }];
			assert.deepEqual([json['outcome'], json['endedAt']], ['answered', null]);
		}
	});

	it('keeps a wait that confirms ends waiting: the report is answered 503, so that it may come again', async () => {
		exotel.nextCall({ terminal: { lateReads: 2 } });
		const [parked] = await callHost(exotel.origin, { ...waits, confirmEnd: true }).run();
		const report = { CallSid: parked!.json['sid'], EventType: 'terminal', Status: 'completed' };
		const early = await resumed(exotel.origin, parked!.json, report);
		assert.deepEqual([early.answers, early.workflowData], [[503], undefined]);
		const later = await resumed(exotel.origin, parked!.json, report);
		assert.equal(later.workflowData?.[0]?.[0]?.json['durationSeconds'], 17);
	});

	it('comes out of Completed Calls Trigger once, when it is finished; the editor shows it at once', async () => {
		const trigger = new ExotelCompletedCallsTrigger();
		const durations = async ({ functions }: ReturnType<typeof pollHost>) =>
			((await trigger.poll.call(functions)) ?? [[]])[0]!.map(
				({ json }) => (json['call'] as { durationSeconds: number | null }).durationSeconds,
			);
		const host = pollHost(exotel.origin);
		assert.deepEqual(await durations(host), []);
		const numbers = { from: '+919812345678', to: '+919812345679', exoPhone: '+918047112233' };
		const call = exotel.addCall({ ...numbers, ended: true }, { terminal: { lateReads: 1 } });
		assert.deepEqual(await durations(host), []);
		assert.deepEqual(await durations(pollHost(exotel.origin, { mode: 'manual' })), [null]);
		call.lateReads = 0;
		assert.deepEqual([await durations(host), await durations(host)], [[17], []]);
	});
});

describe('the last step of Wait for Outcome', () => {
	it('waits for its turn behind other requests of the account', async function () {
		this.timeout(60_000);
		const exotel = await startDouble(options);
		exotel.nextCall({ liveReads: 1 });
		const { run } = callHost(exotel.origin, { ...waits, waitMinutes: 0.0001 });
		await run();
		await new Promise((resolve) => setTimeout(resolve, 20));
		const account = readAccount({ region: 'custom', baseUrl: exotel.origin, sid: 'demo1' });
		pacerOf(account, undefined, clock).pause(6_000);
		const [item] = await run();
		assert.equal(item!.json['outcome'], 'answered');
		await exotel.close();
	});
});
