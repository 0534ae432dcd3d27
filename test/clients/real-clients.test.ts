/**
 * Clients that know nothing of us work unchanged, against the simulator as strict as it is by default and against the
 * second double: the npm package exotel-node and the vendor's own samples. Without the program that runs a client its
 * tests are skipped; with REQUIRE_CLIENTS=1 they fail.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Receiver } from '../simulator/telephone-line';
import { programs, runProgram, type Program } from './programs';
import { openRelay, type Exchange, type Relay } from './relay';
import { writeSample } from './samples';
import { EXOPHONE, OTHER_EXOPHONE, services, SID, TOKEN, type PlacedCall, type Service } from './services';

const KEY = 'key-of-the-account';
const TWO_PEOPLE = { from: '+919876530240', to: '+919876540682', exoPhone: EXOPHONE };

/** One client, one service. */
interface Stage {
	service: Service;
	relay: Relay;
	program: Program;
	folder: string;
	/** Runs a sample. @returns what Exotel was asked and answered, and what the sample printed */
	run(file: string, callSid?: string, callbackUrl?: string): Promise<Exchange & { printed: string }>;
	/** Runs whatever makes one request. */
	watched(act: () => Promise<string>): Promise<Exchange & { printed: string }>;
}

/** Opens a stage for the tests of a block. */
function stageFor(language: string, service: string, key = KEY): () => Stage {
	let stage: Stage | null = null;
	before(async function () {
		this.timeout(180_000);
		const program = await programs[language]!().catch((error: Error) => {
			if (process.env.REQUIRE_CLIENTS === '1') throw new Error(`${language}: ${error.message}`);
			process.stdout.write(`      ${language}: ${error.message}\n`);
			return this.skip();
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

const newest = (service: Service): PlacedCall => service.placed().at(-1)!;

/** The tests of one language's samples, all of seed 004. */
function samplesOf(extension: string, stage: () => Stage, prints: boolean): void {
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

for (const service of Object.keys(services)) {
	describe(`real clients and ${service}`, function () {
		this.timeout(60_000);

		describe('the npm package exotel-node', () => {
			// It has no API key: it authenticates with the SID.
			const stage = stageFor('node', service, SID);
			const call = (name: string, ...values: string[]) => {
				const { relay, program, folder, watched } = stage();
				const environment = {
					...program.environment,
					EXOTEL_HOST: relay.host,
					EXOTEL_SID: SID,
					EXOTEL_TOKEN: TOKEN,
					EXOPHONE,
				};
				const options = [...program.options, '--require', path.join(__dirname, 'rewrite-host.cjs')];
				const client = [path.join(__dirname, 'call-exotel-node.cjs'), name, ...values];
				return watched(() => runProgram({ ...program, options, environment }, client, folder));
			};

			it('connects two people and reads the call when it has ended', async () => {
				const made = JSON.parse((await call('connectCall', '09876530240', '09876540682')).printed);
				const { sid, ...placed } = newest(stage().service);
				assert.deepEqual(placed, TWO_PEOPLE);
				assert.deepEqual(
					[made.Sid, made.AccountSid, made.From, made.To, made.Status],
					[sid, SID, '09876530240', '09876540682', 'in-progress'],
				);
				await stage().service.endCalls();
				const read = JSON.parse((await call('getCallDetails', sid)).printed);
				assert.deepEqual([read.Sid, read.Status, read.To], [sid, 'completed', '09876540682']);
				assert.match(read.Duration, /^\d+$/);
				assert.match(read.EndTime, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
			});
		});

		describe("the vendor's samples for Node", () => samplesOf('js', stageFor('node', service), true));
		describe("the vendor's samples for Python", () => samplesOf('py', stageFor('python', service), false));
		describe("the vendor's samples for PHP", () => samplesOf('php', stageFor('php', service), false));

		describe("the vendor's samples for Ruby", () => {
			const stage = stageFor('ruby', service);

			it('send no credentials by themselves, and are refused', async () => {
				for (const file of ['connect.rb', 'calls.rb']) {
					const { status, headers } = await stage().run(file);
					assert.deepEqual([file, status, headers.authorization], [file, 401, undefined]);
				}
				assert.deepEqual(stage().service.placed(), []);
			});

			describe('with the credentials of their URLs', () => {
				before(() => {
					stage().program.options.push('-r', path.join(__dirname, 'credentials-of-url.rb'));
				});
				samplesOf('rb', stage, false);
			});
		});

		describe("the vendor's samples for curl", () => {
			const stage = stageFor('curl', service);
			samplesOf('sh', stage, true);

			it('ring two people with events, as a form and urlencoded', async () => {
				const receiver = await Receiver.open();
				try {
					const form = await stage().run('connect.sh', undefined, receiver.url);
					assert.equal(form.status, 200, form.answer);
					const { sid: formSid, ...asForm } = newest(stage().service);
					assert.deepEqual(asForm, TWO_PEOPLE);
					const urlencoded = await stage().run('connect-events.sh', undefined, receiver.url);
					assert.equal(urlencoded.status, 200, urlencoded.answer);
					const { sid, ...call } = newest(stage().service);
					assert.deepEqual(call, { from: '+919413741234', to: '+918867991234', exoPhone: OTHER_EXOPHONE });
					if (service !== 'the simulator') return;
					await stage().service.endCalls();
					assert.deepEqual(
						receiver
							.bodies()
							.map(({ CallSid, EventType }) => `${String(CallSid)} ${String(EventType)}`)
							.sort(),
						[`${formSid} answered`, `${formSid} answered`, `${formSid} terminal`, `${sid} terminal`].sort(),
					);
				} finally {
					await receiver.close();
				}
			});
		});
	});
}
