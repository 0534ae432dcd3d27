/**
 * Clients that know nothing of us work unchanged, against the simulator as strict as it is by default and against the
 * second double: the npm package exotel-node and the vendor's own samples for Node.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { runProgram } from './programs';
import { EXOPHONE, services, SID, TOKEN } from './services';
import { newest, samplesOf, stageFor, TWO_PEOPLE } from './stage';

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
	});
}
