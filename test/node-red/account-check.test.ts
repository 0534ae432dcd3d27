/** What the account's test concludes from Exotel's answers in both regions. */
import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { ExotelError } from '../../exotel/index';
import { examineAccount } from '../../node-red/account/account-check';
import { AccountConnection } from '../../node-red/account/account-connection';
import type { Config, Red } from '../../node-red/host';

const RED = { settings: {} } as Red;
const config = (region: string): Config =>
	({ id: 'a', type: 'exotel-account', name: '', z: '', region, sid: 'acme1' }) as Config;
const secrets = { apiKey: 'k', apiToken: 't' };

const refused = (
	kind: 'auth' | 'not-found' | 'forbidden' | 'network',
	httpStatus: number | null,
	message: string,
): ExotelError =>
	new ExotelError(kind, message, {
		hint: 'Do something.',
		...(httpStatus === null ? { code: 'ENOTFOUND' } : { httpStatus }),
	});

describe("the account's test", () => {
	let asked: string[] = [];
	/** Exotel's answer by region; null is a good one. */
	function answers(byRegion: Record<string, ExotelError | null>): void {
		asked = [];
		mock.method(AccountConnection.prototype, 'perform', function (this: AccountConnection) {
			const { region } = this.account;
			asked.push(region);
			const failure = byRegion[region];
			return failure
				? Promise.reject(failure)
				: Promise.resolve({ result: { sid: 'acme1' }, raw: null, httpStatus: 200, attempts: 1 });
		});
	}
	afterEach(() => mock.restoreAll());

	for (const failure of [refused('auth', 401, 'Refused.'), refused('not-found', 404, 'Unknown.')]) {
		it(`finds the right region when the chosen one answers ${failure.httpStatus}`, async () => {
			answers({ singapore: failure, mumbai: null });
			const [finding] = await examineAccount(RED, config('singapore'), secrets);
			assert.deepEqual(
				[finding?.key, finding?.about, finding?.detail, finding?.good],
				['other-region', 'region', 'mumbai', false],
			);
			assert.deepEqual(asked, ['singapore', 'mumbai']);
		});
	}

	it('blames the key when both regions refuse it', async () => {
		answers({ singapore: refused('auth', 401, 'Refused.'), mumbai: refused('auth', 401, 'Refused.') });
		assert.equal((await examineAccount(RED, config('mumbai'), secrets))[0]?.key, 'key-or-token');
	});

	it('blames the SID when no region knows it', async () => {
		answers({ singapore: refused('not-found', 404, 'Unknown.'), mumbai: refused('not-found', 404, 'Unknown.') });
		assert.deepEqual(
			(await examineAccount(RED, config('mumbai'), secrets)).map(({ key, about }) => [key, about]),
			[['sid', 'sid']],
		);
	});

	it("passes Exotel's own words on when it forbids something", async () => {
		answers({
			singapore: refused('forbidden', 403, 'Not KYC compliant.'),
			mumbai: refused('forbidden', 403, 'Not KYC compliant.'),
		});
		assert.match((await examineAccount(RED, config('mumbai'), secrets))[0]?.message ?? '', /KYC/);
	});

	it('asks no other region when the network is down, or the server is not one of Exotel', async () => {
		answers({ mumbai: refused('network', null, 'No connection.'), custom: refused('auth', 401, 'Refused.') });
		assert.equal((await examineAccount(RED, config('mumbai'), secrets))[0]?.key, 'unreachable');
		assert.equal(
			(await examineAccount(RED, { ...config('custom'), baseUrl: 'http://127.0.0.1:1' } as Config, secrets))[0]
				?.key,
			'key-or-token',
		);
		assert.deepEqual(asked, ['mumbai', 'custom']);
	});
});
