/** What a new account starts with is the same in the form, in the core and in n8n. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { ExotelVoiceApi } from '../../../credentials/ExotelVoiceApi.credentials';
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
});
