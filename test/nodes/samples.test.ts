/** What n8n is told about outputs, files and credentials before anything runs. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { readAccount, readCallEvent } from '../../exotel';
import { ExotelVoiceApi } from '../../credentials/ExotelVoiceApi.credentials';
import { callJson } from '../../nodes/Exotel/operations/output';

const root = path.resolve(__dirname, '..', '..');
const account = readAccount({ sid: 'acme1' });
const event = readCallEvent(
	{
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: '{"CallSid":"a","EventType":"terminal","Status":"busy"}',
		receivedAt: 0,
	},
	account,
);
const keysOf = (file: string) =>
	Object.keys(
		(JSON.parse(fs.readFileSync(path.join(root, 'nodes', file), 'utf8')) as { properties: object }).properties,
	).sort();

describe('what n8n knows beforehand', () => {
	it('the samples have the fields the nodes give out', () => {
		const simple = Object.keys(callJson(event.call, true));
		assert.deepEqual(keysOf('Exotel/__schema__/v1.0.0/call/get.json'), [...simple].sort());
		assert.deepEqual(keysOf('Exotel/__schema__/v1.0.0/call/connectNumbers.json'), [...simple, 'attemptId'].sort());
		for (const trigger of ['ExotelTrigger', 'ExotelCompletedCallsTrigger'])
			assert.deepEqual(keysOf(`${trigger}/__schema__/v1.0.0/output.json`), Object.keys(event).sort());
	});

	it('the samples show the columns in the order of the output', () => {
		const propertiesOf = (file: string) =>
			(
				JSON.parse(fs.readFileSync(path.join(root, 'nodes', file), 'utf8')) as {
					properties: Record<string, { properties?: object }>;
				}
			).properties;
		const columns = Object.keys(callJson(event.call, true));
		assert.equal(columns[0], 'outcome');
		for (const operation of ['get', 'getMany', 'connectNumbers', 'connectFlow', 'connectAgent'])
			assert.deepEqual(
				Object.keys(propertiesOf(`Exotel/__schema__/v1.0.0/call/${operation}.json`)).slice(0, columns.length),
				columns,
			);
		for (const trigger of ['ExotelTrigger', 'ExotelCompletedCallsTrigger', 'ExotelAppletTrigger'])
			assert.deepEqual(
				Object.keys(propertiesOf(`${trigger}/__schema__/v1.0.0/output.json`)['call']?.properties ?? {}),
				Object.keys(event.call),
			);
	});

	it('every node and credential file is listed in package.json, and has its codex', () => {
		const { n8n } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
			n8n: { nodes: string[]; credentials: string[] };
		};
		const found = (folder: string, ending: string) =>
			(fs.readdirSync(path.join(root, folder), { recursive: true }) as string[])
				.filter((file) => file.endsWith(ending))
				.map((file) => `dist/${folder}/${file.replace(/\.ts$/, '.js')}`)
				.sort();
		assert.deepEqual(found('nodes', '.node.ts'), [...n8n.nodes].sort());
		assert.deepEqual(found('credentials', '.credentials.ts'), [...n8n.credentials].sort());
		for (const file of n8n.nodes)
			assert.ok(fs.existsSync(path.join(root, file.replace(/^dist\//, '').replace(/\.js$/, '.json'))), file);
	});

	it('the credential is tested where its region is', () => {
		const { request } = new ExotelVoiceApi().test;
		const baseUrl = (credentials: object) =>
			new Function('$credentials', `return ${String(request.baseURL).slice(3, -2)}`)(credentials) as string;
		assert.deepEqual(
			[
				baseUrl({ region: 'mumbai' }),
				baseUrl({ region: 'singapore' }),
				baseUrl({ region: 'custom', baseUrl: 'http://127.0.0.1:4010/' }),
			],
			['https://api.in.exotel.com', 'https://api.exotel.com', 'http://127.0.0.1:4010'],
		);
		assert.match(
			String(request.url),
			/^=\/v1\/Accounts\/\{\{ encodeURIComponent\(\$credentials\.sid\) \}\}\/Calls\.json/,
		);
	});
});
