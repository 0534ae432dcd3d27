/** The list of ExoPhones in n8n's forms. */
import assert from 'node:assert/strict';
import type { IHttpRequestOptions, ILoadOptionsFunctions } from 'n8n-workflow';
import { searchExoPhones } from '../../nodes/host/exoPhone';
import { node } from './hosted';

describe('the list of ExoPhones', () => {
	it('gives up an Exotel that is slow within 20 seconds: a person waits for it', async () => {
		const timeouts: (number | undefined)[] = [];
		const httpRequestWithAuthentication = (_: string, { timeout }: IHttpRequestOptions) => {
			timeouts.push(timeout);
			return Promise.reject(Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' }));
		};
		const functions = {
			getNode: () => node,
			getCredentials: async () => ({ region: 'custom', baseUrl: 'http://127.0.0.1:1', sid: 'exophones1' }),
			logger: { info: () => undefined },
			helpers: { httpRequestWithAuthentication },
		};
		await assert.rejects(searchExoPhones.call(functions as unknown as ILoadOptionsFunctions));
		const [longest = 0] = timeouts;
		assert.equal(timeouts.length, 1);
		assert.ok(longest > 0 && longest <= 20_000, `${longest} ms`);
	});
});
