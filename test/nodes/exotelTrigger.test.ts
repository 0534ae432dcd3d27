/** The Exotel Trigger: repeats are dropped in real use, never while somebody tries it out. */
import assert from 'node:assert/strict';
import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import { ExotelTrigger } from '../../nodes/ExotelTrigger/ExotelTrigger.node.js';
import { node } from './hosted';

describe('the Exotel Trigger', () => {
	async function receive(
		sid: string,
		mode: string,
		staticData: IDataObject,
		{ eventType = 'terminal', events = ['terminal'], filters = {} } = {},
	) {
		const functions = {
			getMode: () => mode,
			getNode: () => node,
			getWorkflow: () => ({ id: 'workflow-1' }),
			getNodeParameter: (name: string, otherwise: unknown) =>
				({ authentication: 'none', events, filters })[name] ?? otherwise,
			getWorkflowStaticData: () => staticData,
			getRequestObject: () => ({ method: 'POST', path: '/webhook/1/exotel', ip: '203.0.113.7' }),
			getHeaderData: () => ({ 'content-type': 'application/json' }),
			getQueryData: () => ({}),
			getBodyData: () => ({
				CallSid: sid,
				EventType: eventType,
				Status: 'completed',
				PhoneNumberSid: '08047112233',
			}),
		};
		return await new ExotelTrigger().webhook.call(functions as unknown as IWebhookFunctions);
	}

	it('starts the workflow once for a repeated event', async () => {
		const data: IDataObject = {};
		assert.ok((await receive('repeated', 'webhook', data)).workflowData);
		assert.equal((await receive('repeated', 'webhook', data)).workflowData, undefined);
	});

	it('lets the same event through each time it is tried out, and remembers nothing of it', async () => {
		const data: IDataObject = {};
		assert.ok((await receive('tried', 'webhook', data)).workflowData);
		const kept = structuredClone(data);
		for (let time = 0; time < 2; time += 1) assert.ok((await receive('tried', 'manual', data)).workflowData);
		assert.deepEqual(data, kept);
	});

	it('stores nothing of an event that is filtered out, so that n8n writes nothing', async () => {
		const data: IDataObject = {};
		const events = ['terminal'];
		assert.equal(
			(await receive('quiet', 'webhook', data, { eventType: 'answered', events })).workflowData,
			undefined,
		);
		assert.deepEqual(data, {});
		assert.equal((await receive('ends', 'webhook', data, { events: [] })).workflowData, undefined);
		assert.deepEqual(data, {});
	});

	it('stores an end that is filtered out when late progress of its call would still start the workflow', async () => {
		const data: IDataObject = {};
		const events = ['answered'];
		assert.equal((await receive('over', 'webhook', data, { events })).workflowData, undefined);
		assert.deepEqual(Object.keys(data['calls'] as object), ['over']);
		const late = await receive('over', 'webhook', data, { eventType: 'answered', events });
		assert.equal(late.workflowData, undefined);
	});

	it('lets through calls over an ExoPhone that was picked from the list or is one of several', async () => {
		let count = 0;
		const passes = async (value: string, mode: string) => {
			count += 1;
			const filters = { exoPhones: { __rl: true, mode, value } };
			return (await receive(`call-${count}`, 'webhook', {}, { filters })).workflowData !== undefined;
		};
		assert.equal(await passes('', 'list'), true);
		assert.equal(await passes('+918047112233', 'list'), true);
		assert.equal(await passes('+918047119999', 'list'), false);
		assert.equal(await passes('08047119999, 080 4711 2233', 'number'), true);
	});
});
