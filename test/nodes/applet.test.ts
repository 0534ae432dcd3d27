/** What a caller gets when the workflow cannot answer, and which trigger's question is answered. */
import assert from 'node:assert/strict';
import { mock } from 'node:test';
import type { IDataObject, IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';
import { inputError } from '../../exotel';
import { ExotelAppletAnswer } from '../../nodes/ExotelAppletAnswer/ExotelAppletAnswer.node.js';
import { ExotelAppletTrigger } from '../../nodes/ExotelAppletTrigger/ExotelAppletTrigger.node.js';
import { answerOf, violationsOf, type RequestFallback } from '../../nodes/host/appletFallback';
import { clock } from '../../nodes/host/clock';
import { nodeFailure } from '../../nodes/host/failure';
import { node, publish } from './hosted';

const fallback: RequestFallback = {
	applet: 'connect',
	version: '1.0',
	destinations: '+919812345678',
	branch: 'second',
	defaultCountry: 'IN',
};
const bodyOf = (more: Partial<RequestFallback>) => JSON.parse(answerOf({ ...fallback, ...more }).body) as IDataObject;

describe('the fallback of an applet', () => {
	it('calls the destinations that were fixed', () => {
		assert.deepEqual(bodyOf({}), { destination: { numbers: ['+919812345678'] } });
	});

	it('leaves out a destination that only the other version of the applet takes', () => {
		const destinations = 'sip:agent1; +919812345678';
		assert.deepEqual(bodyOf({ destinations }), { destination: { numbers: ['+919812345678'] } });
		assert.deepEqual((bodyOf({ destinations, version: '1.1' })['destination'] as unknown[]).length, 2);
	});

	it('is "nobody" when no destination is left', () => {
		assert.deepEqual(bodyOf({ destinations: 'nonsense' }), { destination: { numbers: [] } });
		assert.deepEqual(bodyOf({ destinations: '' }), { destination: { numbers: [] } });
	});
});

describe('the applet trigger', () => {
	const description = new ExotelAppletTrigger().description;

	it('names a wrong fallback as its form does', () => {
		for (const applet of ['connect', 'gather', 'greeting'] as const) {
			const wrong = 'https://example.com/a.mp3';
			const given = { ...fallback, applet, destinations: applet === 'connect' ? wrong : '', words: wrong };
			const [violation] = violationsOf(given);
			const field = description.properties.find(
				({ name, displayOptions }) =>
					/^fallback(Words|Destinations)$/.test(name) && displayOptions?.show?.['applet']?.includes(applet),
			);
			const { message } = nodeFailure(node, inputError([violation!]));
			assert.ok(message.startsWith(field!.displayName), `${message} / ${field!.displayName}`);
		}
	});

	it('is not published with a time to answer in that it could not keep', async () => {
		const publishing = (answerSeconds: unknown) =>
			publish(new ExotelAppletTrigger(), { applet: 'connect', options: { answerSeconds } });
		for (const valid of [undefined, '', 0.2, 4, 4.8, '2.5']) assert.deepEqual(await publishing(valid), []);
		for (const [wrong, rule] of [
			[0, 'at least 0.2 seconds'],
			[4.9, 'at most 4.8 seconds'],
			['soon', 'a number'],
		] as const)
			await assert.rejects(publishing(wrong), ({ message }: Error) =>
				message.startsWith(`Answer Within (Seconds) must be ${rule}.`),
			);
	});

	it('logs why a request got the fallback, such as a misspelt applet', async () => {
		const warnings: string[] = [];
		const response = { writeHead: () => response, end: () => response };
		const functions = {
			getNodeParameter: (name: string, otherwise?: unknown) =>
				({ authentication: 'none', applet: 'connect', options: {} })[name] ?? otherwise,
			getNode: () => node,
			getWebhookName: () => 'default',
			getRequestObject: () => ({ method: 'GET', path: '/webhook/1/applet', headers: {}, ip: '127.0.0.1' }),
			getQueryData: () => ({ applet: 'gahter', CallSid: '1' }),
			getBodyData: () => ({}),
			getResponseObject: () => response,
			logger: { warn: (text: string) => void warnings.push(text) },
		};
		await new ExotelAppletTrigger().webhook.call(functions as unknown as IWebhookFunctions);
		assert.equal(warnings.length, 1);
		assert.match(warnings[0]!, /"applet" in its address must be one of connect, gather/);
	});
});

describe('the applet trigger with a setting whose expression fails', () => {
	for (const failing of ['options', 'fallbackDestinations', 'authentication'])
		it(`answers the caller all the same: ${failing}`, async () => {
			const sent: unknown[] = [];
			const warnings: string[] = [];
			const response: Record<string, unknown> = { headersSent: false, writableEnded: false };
			for (const name of ['flushHeaders', 'write', 'writeHead', 'once']) response[name] = () => response;
			response['end'] = (text: string) => {
				sent.push(text);
				response['writableEnded'] = true;
			};
			response['getHeaderNames'] = () => [];
			const settings: IDataObject = { authentication: 'none', applet: 'connect', fallbackDestinations: '' };
			const functions = {
				getNodeParameter(name: string, otherwise?: unknown) {
					if (name === failing) throw new Error('The expression of +919812345678 failed.');
					return settings[name] ?? otherwise;
				},
				getMode: () => 'webhook',
				getNode: () => node,
				getWorkflow: () => ({ id: '1' }),
				getWebhookName: () => 'setup',
				getRequestObject: () => ({ method: 'GET', path: '/webhook/1/applet', headers: {}, ip: '127.0.0.1' }),
				getQueryData: () => ({ CallSid: 'b6cfaf5f5cef3ca0fc937749ef960e25', CallFrom: '09812345678' }),
				getBodyData: () => ({}),
				getResponseObject: () => response,
				logger: { warn: (text: string) => void warnings.push(text) },
			};
			const result = await new ExotelAppletTrigger().webhook.call(functions as unknown as IWebhookFunctions);
			assert.deepEqual(result, { noWebhookResponse: true });
			assert.deepEqual(
				sent.map((text) => JSON.parse(String(text))),
				[{ destination: { numbers: [] } }],
			);
			assert.match(warnings.join(), /cannot be read|could not be read/);
			assert.doesNotMatch(warnings.join(), /98123/);
		});
});

describe('the applet trigger whose options cannot be read', () => {
	it('gives the destinations of its fallback to nobody without a token', async () => {
		const sent: unknown[] = [];
		const response = {
			status: (code: number) => (sent.push(code), response),
			json: (body: unknown) => (sent.push(body), response),
			end: () => response,
		};
		const functions = {
			getNodeParameter(name: string, otherwise?: unknown) {
				if (name === 'options') throw new Error('The expression failed.');
				return (
					{ authentication: 'token', applet: 'connect', fallbackDestinations: '+919812345678' }[name] ??
					otherwise
				);
			},
			getMode: () => 'webhook',
			getNode: () => node,
			getWorkflow: () => ({ id: '1' }),
			getWebhookName: () => 'default',
			getRequestObject: () => ({ method: 'GET', path: '/webhook/1/applet', headers: {}, ip: '127.0.0.1' }),
			getQueryData: () => ({ CallSid: '1' }),
			getBodyData: () => ({}),
			getResponseObject: () => response,
			logger: { warn: () => {} },
		};
		await new ExotelAppletTrigger().webhook.call(functions as unknown as IWebhookFunctions);
		assert.equal(sent[0], 401);
		assert.doesNotMatch(JSON.stringify(sent), /98123/);
	});
});

describe('the applet trigger while its credential is slow', () => {
	const token = 'a-token-of-20-letters';
	afterEach(() => {
		mock.timers.reset();
		mock.restoreAll();
	});

	/** A request whose credential takes so long, ms; null: it cannot be read. What was sent, and what was started. */
	async function ask(readingMs: number | null) {
		let now = 1_000;
		mock.method(clock, 'elapsed', () => now);
		mock.method(clock, 'sleep', () => new Promise(() => undefined));
		mock.timers.enable({ apis: ['Date', 'setTimeout'], now: 0 });
		const sent: string[] = [];
		const response: Record<string, unknown> = { headersSent: false, writableEnded: false };
		for (const name of ['flushHeaders', 'write', 'writeHead']) response[name] = () => response;
		response['end'] = (text: string) => {
			sent.push(text);
			response['writableEnded'] = true;
		};
		response['getHeaderNames'] = () => [];
		const functions = {
			getNodeParameter: (name: string, otherwise?: unknown) =>
				({ authentication: 'token', applet: 'connect', options: {} })[name] ?? otherwise,
			getCredentials: async () => {
				if (readingMs === null) throw new Error('The database is locked');
				now += readingMs;
				mock.timers.setTime(readingMs);
				return { token };
			},
			getMode: () => 'webhook',
			getNode: () => node,
			getWebhookName: () => 'default',
			getRequestObject: () => ({ method: 'GET', path: '/webhook/1/applet', headers: {}, ip: '127.0.0.1' }),
			getQueryData: () => ({ token, CallSid: 'b6cfaf5f5cef3ca0fc937749ef960e25', CallFrom: '09812345678' }),
			getBodyData: () => ({}),
			getResponseObject: () => response,
			logger: { warn: () => {} },
		};
		const { workflowData } = await new ExotelAppletTrigger().webhook.call(
			functions as unknown as IWebhookFunctions,
		);
		const json = workflowData?.[0]?.[0]?.json;
		return { json, sent };
	}

	it('gives the workflow only what is left of the time', async () => {
		const { json, sent } = await ask(3_000);
		assert.equal(json?.['answerBy'], new Date(4_000).toISOString());
		assert.deepEqual(sent, []);
		mock.timers.tick(999);
		await new Promise(setImmediate);
		assert.deepEqual(sent, []);
		mock.timers.tick(1);
		await new Promise(setImmediate);
		assert.equal(sent.length, 1);
	});

	it('answers with the fallback, and starts nothing, when the credential cannot be read', async () => {
		const { json, sent } = await ask(null);
		assert.equal(json, undefined);
		assert.deepEqual(sent, [answerOf({ ...fallback, destinations: '' }).body]);
	});
});

describe('the applet answer', () => {
	/** Runs the node behind these triggers; a trigger without a question did not run. */
	async function answer(
		asked: Record<string, IDataObject | null>,
		{ mode = 'webhook', kind = 'nobody' } = {},
	): Promise<{ sent: unknown[]; json: IDataObject; hints: string[] }> {
		const sent: unknown[] = [];
		const hints: string[] = [];
		const flow: IDataObject = {};
		const functions = {
			getNode: () => node,
			getContext: () => flow,
			getParentNodes: () =>
				Object.keys(asked).map((name) => ({ name, type: '@exonodes/n8n-nodes-exotel.exotelAppletTrigger' })),
			getMode: () => mode,
			getNodeParameter: (name: string) => (name === 'answer' ? kind : 'nobody'),
			evaluateExpression: (expression: string) => {
				// As n8n finds the end of an expression, and reads the text in it.
				const [, text = '""'] = /\$\((".*?")\)/.exec(expression.slice(0, expression.indexOf('}}'))) ?? [];
				const name = JSON.parse(text) as string;
				if (asked[name] === null) throw new Error(`Node '${name}' hasn't been executed`);
				return asked[name];
			},
			sendResponse: async (response: unknown) => void sent.push(response),
			addExecutionHints: ({ message }: { message: string }) => void hints.push(message),
			continueOnFail: () => false,
		};
		const [[item]] = (await new ExotelAppletAnswer().execute.call(functions as unknown as IExecuteFunctions)) as [
			[{ json: IDataObject }],
		];
		return { sent, json: item.json, hints };
	}
	const question = (version: RequestFallback['version'], leftMs = 60_000) =>
		({
			fallback: { ...fallback, version },
			answerBy: new Date(Date.now() + leftMs).toISOString(),
		}) as unknown as IDataObject;

	it('answers the trigger that this run began with, when there are several', async () => {
		for (const asked of [
			{ first: question('1.1'), second: null },
			{ first: null, second: question('1.1') },
		]) {
			const { sent, json } = await answer(asked);
			assert.equal(sent.length, 1);
			assert.deepEqual(json, { sent: true, httpStatus: 200, body: { destination: [] } });
		}
	});

	it('answers a trigger whatever its name', async () => {
		for (const name of ['Route }} now', '{{ 1 }}', '"quoted" \\ back', '${x} `y`', 'Ünï☎']) {
			assert.equal((await answer({ [name]: question('1.1') })).json['sent'], true, name);
		}
	});

	it('shows in the editor what would be sent to a question that is pinned', async () => {
		const asked = { first: question('1.1', -86_400_000) };
		const { sent, json, hints } = await answer(asked, { mode: 'manual' });
		assert.deepEqual(sent, []);
		assert.deepEqual(json, { sent: false, reason: 'too-late', httpStatus: 200, body: { destination: [] } });
		assert.match(hints.join(), /^Nobody waits for this answer any more: the question is pinned data/);
		await assert.rejects(answer(asked, { mode: 'manual', kind: 'connect' }), /is not a phone number/);
		const late = await answer(asked);
		assert.deepEqual(late.json, { sent: false, reason: 'too-late' });
		assert.match(late.hints.join(), /^The workflow was too slow/);
	});

	it('says what to do when no trigger has asked', async () => {
		await assert.rejects(answer({ first: null }), /received no request in this run/);
		await assert.rejects(answer({}), /There is no Exotel Applet Trigger before this node/);
	});
});
