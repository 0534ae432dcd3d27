/** The curl lines of Exotel's documents, run by curl against the simulator. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { must } from '../simulator/must';
import { fixture } from '../simulator/samples';
import { ACCOUNT, Line, Receiver } from '../simulator/telephone-line';

const run = promisify(execFile);

describe('simulator: the curl lines of the documentation', () => {
	let strict: Line;
	let lenient: Line;
	let receiver: Receiver;
	before(async () => {
		strict = await Line.open();
		lenient = await Line.open({ strictness: 'as-seen-in-the-field' });
		receiver = await Receiver.open();
	});
	after(async () => {
		await strict.close();
		await lenient.close();
		await receiver.close();
	});

	for (const { seed, endpoint, line: curl } of fixture('curl-lines').sample as {
		seed: string;
		endpoint: string;
		line: string;
	}[]) {
		it(`${seed}: ${curl.replace(/\s+/g, ' ').slice(0, 60)}… (${endpoint})`, async () => {
			// the samples of seed 000 leave the mandatory CallerId out
			const line = seed === 'seed 000' ? lenient : strict;
			const { host } = new URL(line.simulator.url);
			const command = curl
				.replaceAll('\\ -', '-')
				.replaceAll('\n', ' ')
				.replace(
					/https:\/\/<your_api_key>:<your_api_token><subdomain>|https:\/\/<your_API_KEY>:<YOUR_API_TOKEN>@api\.exotel\.com/,
					`http://key:token@${host}`,
				)
				.replace('https://api.exotel.com', `http://${host}`)
				.replace('<Base64_Encoded_APIKey:APIToken>', btoa('key:token'))
				.replace(/<your_sid>|<account_sid>|<Your_account_sid>/g, ACCOUNT)
				.replace('<From No>', '09812345670')
				.replace('<To Number>', '09812345680')
				.replace(
					/<Your URL Endpoint>|https:\/\/yourstatuscallbackurl\.com|http:\/\/your-application\.com\/exotel-callback|https:\/\/your-server\.com/g,
					receiver.url,
				);
			const { stdout } = await run('sh', ['-c', command.replace('curl ', 'curl -sS ')]);
			receiver.received.length = 0;
			const placed = /<Sid>([0-9a-z]{32})|"Sid":"([0-9a-z]{32})"|"call_sid":"([0-9a-z]{32})"/.exec(stdout);
			if (endpoint === 'bulk') return assert.match(stdout, /<TwilioResponse><Metadata><Total>\d+<\/Total>/);
			if (endpoint === 'number') return assert.match(stdout, /<OperatorName>Reliance<\/OperatorName>/);
			assert.ok(placed, stdout);
			await line.simulator.advance(60);
			const { call } = await line.view(must(placed[1] ?? placed[2] ?? placed[3]));
			assert.equal(call.outcome, 'answered', JSON.stringify(call.flags));
			assert.ok(receiver.received.length > 0 || endpoint === 'flow', 'the callbacks came');
		});
	}
});
