/** Clients that know nothing of us, run against one service each, with what they asked and were answered. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { programs, runProgram, type Program } from './programs';
import { openRelay, type Exchange, type Relay } from './relay';
import { writeSample } from './samples';
import { EXOPHONE, services, type PlacedCall, type Service } from './services';

const KEY = 'key-of-the-account';
/** The call that most clients place. */
export const TWO_PEOPLE = { from: '+919876530240', to: '+919876540682', exoPhone: EXOPHONE };

/** One client, one service. */
export interface Stage {
	service: Service;
	relay: Relay;
	program: Program;
	folder: string;
	/** Runs a sample. @returns what Exotel was asked and answered, and what the sample printed */
	run(file: string, callSid?: string, callbackUrl?: string): Promise<Exchange & { printed: string }>;
	/** Runs whatever makes one request. */
	watched(act: () => Promise<string>): Promise<Exchange & { printed: string }>;
}

/** Opens a stage for the tests of a block; without the program that runs the client they fail. */
export function stageFor(language: string, service: string, key = KEY): () => Stage {
	let stage: Stage | null = null;
	before(async function () {
		this.timeout(180_000);
		const program = await programs[language]!().catch((error: Error) => {
			throw new Error(`${language}: ${error.message}`);
		});
		const running = await services[service]!(key);
		const relay = await openRelay(running.origin);
		const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'exotel-client-'));
		const watched = async (act: () => Promise<string>): Promise<Exchange & { printed: string }> => {
			const seen = relay.exchanges.length;
			const printed = await act();
			assert.equal(relay.exchanges.length, seen + 1, 'one request was made');
			return { ...relay.exchanges[seen]!, printed };
		};
		stage = {
			service: running,
			relay,
			program,
			folder,
			watched,
			run: (file, callSid, callbackUrl) => {
				const values = { host: relay.host, key, callSid, callbackUrl };
				return watched(() => runProgram(program, [writeSample(folder, file, values, program)], folder));
			},
		};
	});
	after(async () => {
		await stage?.relay.close();
		await stage?.service.close();
		if (stage) fs.rmSync(stage.folder, { recursive: true });
	});
	return () => stage!;
}

/** The call that was placed last. */
export const newest = (service: Service): PlacedCall => service.placed().at(-1)!;

/** The tests of one language's samples, all of seed 004. */
export function samplesOf(extension: string, stage: () => Stage, prints: boolean): void {
	const printed = (exchange: Exchange & { printed: string }): void =>
		assert.equal(exchange.printed.trim(), prints ? exchange.answer.trim() : '');

	it('ring two people; the call is read when it has ended, and is in the list', async () => {
		const { service, run } = stage();
		const made = await run(`connect.${extension}`);
		assert.equal(made.status, 200, made.answer);
		const { sid, ...call } = newest(service);
		assert.deepEqual(call, TWO_PEOPLE);
		assert.ok(made.answer.includes(`<Sid>${sid}</Sid>`));
		printed(made);

		await service.endCalls();
		const read = await run(`call.${extension}`, sid);
		assert.equal(read.status, 200, read.answer);
		assert.ok(read.answer.includes(`<Sid>${sid}</Sid>`));
		assert.ok(read.answer.includes('<Status>completed</Status>'));
		printed(read);

		const listed = await run(`calls.${extension}`);
		assert.equal(listed.status, 200, listed.answer);
		assert.ok(listed.answer.includes(`<Sid>${sid}</Sid>`));
		printed(listed);
	});

	it('connect a person to a flow', async () => {
		const { service, run } = stage();
		const made = await run(`flow.${extension}`);
		assert.equal(made.status, 200, made.answer);
		const { sid, ...call } = newest(service);
		assert.deepEqual(call, { from: '+919876530240', to: null, exoPhone: EXOPHONE });
		assert.ok(made.answer.includes(`<Sid>${sid}</Sid>`));
	});

	it('look up a number', async () => {
		const found = await stage().run(`number.${extension}`);
		assert.equal(found.status, 200, found.answer);
		assert.ok(found.answer.includes('<PhoneNumber>09876530240</PhoneNumber>'));
		printed(found);
	});
}
