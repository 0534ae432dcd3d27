/** Each callback of a call names its attempt. */
import assert from 'node:assert/strict';
import { callbackAddresses, withAttempt } from '../../../exotel/index';

describe('callback addresses', () => {
	it('carry the attempt, each of them', () => {
		const url = 'https://crm.example.com/exotel?a=1';
		for (const name of callbackAddresses) {
			const { input, carriesAttempt } = withAttempt({ to: '1', [name]: url }, 'id-1');
			assert.deepEqual(input, { to: '1', [name]: `${url}&attempt=id-1` });
			assert.equal(carriesAttempt, true);
		}
	});

	it('are left to the checks of their fields when they are none', () => {
		for (const value of [
			undefined,
			'',
			7,
			['https://a.example'],
			'crm.example.com',
			'https://',
			'https:///a',
			'/exotel/x',
		]) {
			const input = { statusCallbackUrl: value, statusCallbackAnsweredUrl: value };
			assert.deepEqual(withAttempt(input, 'id-1'), { input, carriesAttempt: false });
		}
	});
});
