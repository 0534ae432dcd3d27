/** The host is killed at a moment of a call's life that a seed draws, or at a write, with each kind of store. */
import assert from 'node:assert/strict';
import { modes, type Host } from './call';
import { playCell } from './cell';
import { faultyDouble, type Pass } from './exotel';
import type { Fault } from './faults';
import { FaultyNodeRed, storeNames, type KillingWrite, type StoreName } from './hosts';
import { LONG, SEED, seeded } from './random';
import { LEAVES_WITHIN_MS, type HostName } from './result';

const MOMENTS = LONG ? 20 : 4;
/** A call of the double lasts so long, seconds. */
const CALL_SECONDS = 17;

/** Time passes, and at one moment of it the host is killed and started again 2 s later. */
function killedAt(seconds: number, pass: Pass, host: Host): Pass {
	let passed = 0;
	let killed = false;
	return async (more) => {
		const before = seconds - passed;
		passed += more;
		if (killed || before > more) return pass(more);
		killed = true;
		await pass(before);
		await host.down('kill');
		await pass(2);
		await host.up();
		return pass(more - before);
	};
}

const killed = (seconds: number): Fault => ({
	name: 'killed',
	means: '',
	trouble: { answer: 'normal', reports: 'usual' },
	rings: true,
	stopsHost: 'killed',
	async play({ host, exotel, pass, place }) {
		await place();
		await exotel.play(killedAt(seconds, pass, host));
	},
});

const stores: [HostName, StoreName | undefined, string][] = [
	...storeNames.map((store): [HostName, StoreName, string] => ['Node-RED', store, `Node-RED, store ${store}`]),
	['n8n', undefined, 'n8n'],
];

describe(`killed at ${MOMENTS} moments of a call, FAULTS_SEED=${SEED}`, function () {
	this.timeout(120_000);
	for (const [host, store, title] of stores) {
		const random = seeded(SEED);
		for (let moment = 1; moment <= MOMENTS; moment += 1) {
			const seconds = random.below(CALL_SECONDS * 1000) / 1000;
			const mode = modes[moment % modes.length] ?? 'numbers';
			it(`${title} · ${mode} · after ${seconds} s`, async () => {
				const { rings, told, problems, reportedAt } = await playCell(
					killed(seconds),
					host,
					mode,
					faultyDouble,
					store,
				);
				const seen = JSON.stringify({ rings, told, problems, reportedAt });
				assert.equal(rings, 1, seen);
				assert.deepEqual(problems, [], seen);
				// Memory forgets the call: its end is told when the report comes after the start, and only then.
				const knows = store !== 'memory' || reportedAt !== null;
				const outcomes = told.map(({ outcome }) => outcome);
				assert.deepEqual(outcomes, knows ? ['answered'] : [], seen);
				const latest = (reportedAt ?? Infinity) + LEAVES_WITHIN_MS;
				assert.ok(
					told.every(({ at, by }) => at <= latest || by === 'Completed Calls Trigger'),
					seen,
				);
			});
		}
	}
});

/** The moments around the message about the end; `told`: how often it then comes out, over the restart. */
const atTheEnd: (KillingWrite & { moment: string; told: number })[] = [
	{
		moment: 'the end is written, its message not sent',
		when: 'after',
		is: ({ phase, unsent }) => phase === 'ended' && unsent !== undefined,
		told: 1,
	},
	{
		moment: 'the message is sent, that is not written',
		when: 'before',
		is: ({ phase, unsent }) => phase === 'ended' && unsent === undefined,
		told: 2,
	},
];

const killedAtWrite = (write: KillingWrite): Fault => ({
	...killed(0),
	async play({ host, exotel, pass, place }) {
		assert.ok(host instanceof FaultyNodeRed);
		await place();
		host.killsAt = write;
		await exotel.play(pass);
		await pass(0);
		assert.equal(host.killsAt, null, 'the end was not written');
		await host.down('kill');
		await pass(2);
		await host.up();
	},
});

/** Nobody can be asked about it: its SID comes with the report. */
const killedAtUnknownEnd: Fault = {
	...killed(0),
	trouble: { answer: 'cut-after', reports: 'lost' },
	async play({ host, exotel, pass, place }) {
		assert.ok(host instanceof FaultyNodeRed);
		await place();
		await pass(20);
		assert.deepEqual(
			host.told().map(({ outcome }) => outcome),
			['unknown'],
		);
		host.killsAt = { when: 'before', is: ({ phase }) => phase === 'ended' };
		assert.notEqual(await exotel.reportEnd(), 200, 'an end that is lost was answered 200');
		assert.equal(host.killsAt, null, 'the end was not to be written');
		await host.down('kill');
		await pass(2);
		await host.up();
		assert.equal(await exotel.reportEnd(), 200);
	},
};

for (const store of storeNames.filter((name) => name !== 'memory')) {
	for (const mode of modes) {
		describe(`Node-RED, killed before it wrote the end: store ${store} · ${mode}`, function () {
			this.timeout(120_000);
			it('has not answered 200, and takes the report when it comes again', async () => {
				const result = await playCell(killedAtUnknownEnd, 'Node-RED', mode, faultyDouble, store);
				assert.equal(result.rings, 1);
				assert.deepEqual(
					result.told.map(({ sid, outcome }) => [sid, outcome]),
					[
						[null, 'unknown'],
						[result.sid, 'answered'],
					],
				);
			});
		});
	}
}

describe('Node-RED, killed around the message about the end', function () {
	this.timeout(120_000);
	for (const store of storeNames.filter((name) => name !== 'memory')) {
		for (const mode of modes) {
			for (const { moment, told: times, ...write } of atTheEnd) {
				it(`store ${store} · ${mode} · ${moment}`, async () => {
					const { rings, sid, told, problems } = await playCell(
						killedAtWrite(write),
						'Node-RED',
						mode,
						faultyDouble,
						store,
					);
					const seen = JSON.stringify({ rings, told, problems });
					assert.equal(rings, 1, seen);
					assert.deepEqual(problems, [], seen);
					const ends = told.map((one) => `${one.sid} ${one.outcome} ${one.order}`);
					assert.deepEqual(
						ends,
						Array.from({ length: times }, () => `${sid} answered 4711`),
						seen,
					);
				});
			}
		}
	}
});
