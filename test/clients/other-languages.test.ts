/**
 * The vendor's own samples for Python, PHP, Ruby and curl, as test/clients/real-clients.test.ts has those for Node. They
 * need the programs that run them.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { Receiver } from '../simulator/telephone-line';
import { OTHER_EXOPHONE, services } from './services';
import { newest, samplesOf, stageFor, TWO_PEOPLE } from './stage';

for (const service of Object.keys(services)) {
	describe(`clients in other languages and ${service}`, function () {
		this.timeout(60_000);

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
