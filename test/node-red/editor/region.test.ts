/** What a new account starts with is the same in the form, in the core and in n8n. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ExotelVoiceApi } from '../../../credentials/ExotelVoiceApi.credentials';
import { regions } from '../../../exotel/account';
import { readAccount } from '../../../exotel/index';

/** The form, as this test sees it: its types are those of a browser. */
interface AccountForm {
	own: { region: { value: unknown } };
}
const { default: accountForm } = createRequire(__filename)('../../../node-red/account/editor') as {
	default: AccountForm;
};

describe('a new account', () => {
	it('has the same region on Node-RED, on n8n and without one', () => {
		const region = new ExotelVoiceApi().properties.find(({ name }) => name === 'region')?.default;
		assert.equal(region, readAccount({ sid: 'acme1' }).region);
		assert.equal(accountForm.own.region.value, region);
	});

	it('lists the regions in one order on both hosts, the one it starts with first', () => {
		const html = fs.readFileSync(path.join(__dirname, '../../../node-red/account/editor.html'), 'utf8');
		const [, select = ''] = /<select id="node-config-input-region".*?>(.*?)<\/select>/s.exec(html) ?? [];
		assert.deepEqual(
			[...select.matchAll(/<option value="(\w+)"/g)].map(([, value]) => value),
			regions,
		);
		const { options } = new ExotelVoiceApi().properties.find(({ name }) => name === 'region') ?? {};
		assert.deepEqual(
			options?.map((one) => ('value' in one ? one.value : one.name)),
			regions,
		);
		assert.equal(accountForm.own.region.value, regions[0]);
	});
});
