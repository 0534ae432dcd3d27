/** The Exotel Trigger: repeats are dropped in real use, never while somebody tries it out. */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import type { IDataObject, IHttpRequestOptions, INodeTypes, IWebhookFunctions } from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';
import { EndConfirmation, type CallEvent } from '../../exotel';
import { ExotelTrigger } from '../../nodes/ExotelTrigger/ExotelTrigger.node.js';
import { asObject } from '../../nodes/host/parameters';
import { startDouble, type Double } from '../double/index';
import { node, pollHost, publish } from './hosted';

describe('the Exotel Trigger', () => {
	interface Received {
		eventType?: string;
		events?: string[];
		filters?: IDataObject;
		/** More fields of the status callback. */
		body?: IDataObject;
		/** The query of a Passthru applet, in place of a status callback. */
		flow?: IDataObject | null;
		/** The connection on which n8n answers. */
		response?: EventEmitter;
		/** What the process remembers is apart for each workflow. */
		workflow?: string;
		/** Reads the credential, where one is needed. */
		getCredentials?: () => Promise<IDataObject>;
	}

	/** The response to one request, which n8n ends. */
	function responseOf() {
		const response = Object.assign(new EventEmitter(), {
			statusCode: 200,
			writableEnded: false,
			status(code: number) {
				response.statusCode = code;
				return response;
			},
			json: () => response,
			end() {
				response.writableEnded = true;
				return response;
			},
		});
		return response;
	}

	async function receive(
		sid: string,
		mode: string,
		staticData: IDataObject,
		{
			eventType = 'terminal',
			events = ['terminal'],
			filters = {},
			body = {},
			flow = null,
			response = responseOf(),
			workflow = 'workflow-1',
			getCredentials,
		}: Received = {},
	) {
		const functions = {
			getMode: () => mode,
			getNode: () => node,
			getWorkflow: () => ({ id: workflow }),
			getNodeParameter: (name: string, otherwise: unknown) =>
				({ authentication: getCredentials === undefined ? 'none' : 'token', events, filters })[name] ??
				otherwise,
			getCredentials,
			getResponseObject: () => response,
			logger: { warn: () => {} },
			getWorkflowStaticData: () => staticData,
			getRequestObject: () => ({
				method: flow === null ? 'POST' : 'GET',
				path: '/webhook/1/exotel',
				ip: '203.0.113.7',
			}),
			getHeaderData: () => ({ 'content-type': 'application/json' }),
			getQueryData: () =>
				flow === null ? { token: 'a-token-of-20-letters' } : { CallSid: sid, flow_id: '1', ...flow },
			getBodyData: () =>
				flow !== null
					? {}
					: {
							CallSid: sid,
							EventType: eventType,
							Status: 'completed',
							PhoneNumberSid: '08047112233',
							...body,
						},
		};
		return await new ExotelTrigger().webhook.call(functions as unknown as IWebhookFunctions);
	}

	it('starts the workflow once for a repeated event', async () => {
		const data: IDataObject = {};
		assert.ok((await receive('repeated', 'webhook', data)).workflowData);
		assert.equal((await receive('repeated', 'webhook', data)).workflowData, undefined);
	});

	it('passes on what a caller pressed or recorded after the end as progress', async () => {
		const data: IDataObject = {};
		const events = ['terminal', 'dial'];
		const visit = async (flow: IDataObject, chosen = events, sid = 'pressed') => {
			const { workflowData } = await receive(sid, 'webhook', data, { flow, events: chosen });
			const json = workflowData?.[0]?.[0]?.json as unknown as CallEvent | undefined;
			return json && [json.type, json.call.digits, json.call.recordingUrl];
		};
		const dialled = { CallType: 'incomplete', DialWhomNumber: '09812345678' };
		const nobody = { ...dialled, DialCallStatus: 'no-answer', CurrentTime: '2026-11-23 07:11:00' };
		const pressed = { ...dialled, digits: '"1"', CurrentTime: '2026-11-23 07:11:12' };
		const message = {
			...{ ...dialled, CallType: 'voicemail', CurrentTime: '2026-11-23 07:12:30' },
			RecordingUrl: 'https://recordings.example.com/a.mp3',
		};
		assert.deepEqual(await visit(nobody), ['terminal', null, null]);
		assert.deepEqual(await visit(pressed), ['dial', '1', null]);
		assert.deepEqual(await visit(message, ['dial']), ['dial', null, 'https://recordings.example.com/a.mp3']);
		for (const again of [nobody, pressed, message]) assert.equal(await visit(again), undefined);
		assert.ok(await visit(nobody, ['terminal'], 'ends-alone'));
		assert.equal(await visit(pressed, ['terminal'], 'ends-alone'), undefined);
	});

	it('gives out the call first, whose outcome is its first field', async () => {
		const { workflowData } = await receive('columns', 'webhook', {});
		const { json } = workflowData?.[0]?.[0] ?? {};
		assert.equal(Object.keys(json ?? {})[0], 'call');
		assert.equal(Object.keys(json?.['call'] ?? {})[0], 'outcome');
	});

	it('lets a repeated event through when n8n could not store the run of the first', async () => {
		const again = async (sid: string) => (await receive(sid, 'webhook', {})).workflowData !== undefined;
		const starts = async (sid: string, statusCode: number) => {
			const response = responseOf();
			// What n8n did not store is not there at the next request.
			assert.ok((await receive(sid, 'webhook', {}, { response })).workflowData);
			Object.assign(response, { statusCode }).end();
			response.emit('close');
			return await again(sid);
		};
		assert.equal(await starts('refused', 500), true);
		assert.equal(await starts('stored', 200), false);
	});

	it('starts once for an event whose sender hangs up and repeats it before n8n, at its limit of runs, answers', async () => {
		for (const [sid, statusCode, starts] of [
			['stored-late', 200, false],
			['refused-late', 500, true],
		] as const) {
			const response = responseOf();
			assert.ok((await receive(sid, 'webhook', {}, { response })).workflowData);
			response.emit('close');
			const repeated = responseOf();
			assert.equal((await receive(sid, 'webhook', {}, { response: repeated })).workflowData, undefined);
			assert.equal(repeated.statusCode, 503, 'it may have to come again');
			Object.assign(response, { statusCode }).end();
			assert.equal((await receive(sid, 'webhook', {})).workflowData !== undefined, starts, sid);
		}
	});

	for (const together of [1, 2, 10, 40]) {
		it(`keeps every end that was stored when ${together} come at once, and lets through the one that was not`, async () => {
			let database = '{}';
			const workflow = `together-${together}`;
			const sids = Array.from({ length: together }, (_, index) => `end-${index}`);
			/** n8n loads the data when the request comes, and stores the whole of it when the run is stored. */
			const begin = async (sid: string, more: Received = {}) => {
				const staticData = JSON.parse(database) as IDataObject;
				const response = responseOf();
				const given = await receive(sid, 'webhook', staticData, { workflow, response, ...more });
				return { given, response, staticData };
			};
			const failing = await begin('failed');
			const begun = await Promise.all(sids.map(async (sid) => await begin(sid)));
			for (const { given, staticData, response } of begun.reverse()) {
				assert.ok(given.workflowData);
				assert.deepEqual(given.webhookResponse, { ok: true });
				database = JSON.stringify(staticData);
				response.end();
				response.emit('close');
			}
			failing.response.statusCode = 500;
			failing.response.end();
			failing.response.emit('close');
			assert.ok((await begin('failed')).given.workflowData);

			assert.deepEqual(Object.keys(asObject((JSON.parse(database) as IDataObject)['calls'])).sort(), sids.sort());
			// After a restart the process knows nothing.
			const restarted = `${workflow} restarted`;
			for (const sid of sids) {
				assert.equal((await begin(sid, { workflow: restarted })).given.workflowData, undefined);
				const late = { eventType: 'answered', events: ['answered', 'terminal'], workflow: restarted };
				assert.equal((await begin(sid, late)).given.workflowData, undefined);
			}
			assert.ok((await begin('failed', { workflow: restarted })).given.workflowData);
		});
	}

	it('answers 503 with what to do, and starts nothing, when the credential cannot be read', async () => {
		const answer: unknown[] = [];
		const response = Object.assign(new EventEmitter(), {
			status: (code: number) => (answer.push(code), response),
			json: (body: unknown) => (answer.push(body), response),
			end: () => response,
		});
		const getCredentials = () => Promise.reject(new Error('The database is locked'));
		const given = await receive('unreadable', 'webhook', {}, { response, getCredentials });
		assert.deepEqual(given, { noWebhookResponse: true });
		assert.equal(answer[0], 503);
		assert.match(JSON.stringify(answer[1]), /cannot read the credential.*again later/);
	});

	it('says when it is published which of its settings cannot be used, as its form names it', async () => {
		const valid = { timeZone: 'Asia/Kolkata', allowedAddresses: '203.0.113.0/24' };
		assert.deepEqual(await publish(new ExotelTrigger(), { options: valid }), []);
		for (const [options, label] of [
			[{ timeZone: 'Asia/Calcuta' }, 'Time Zone'],
			[{ defaultCountry: 'India' }, 'Default Country'],
			[{ allowedAddresses: '203.0.113.0/240' }, 'Allowed IP Addresses: "203.0.113.0/240"'],
		] as const)
			await assert.rejects(publish(new ExotelTrigger(), { options }), ({ message }: Error) =>
				message.toLowerCase().startsWith(label.toLowerCase()),
			);
	});

	it('is not published with a list of addresses whose expression gives none', async () => {
		const written = { options: { allowedAddresses: '={{ $vars.senders }}' } };
		const published = (allowedAddresses: string) =>
			publish(new ExotelTrigger(), { options: { allowedAddresses } }, 'activate', written);
		assert.deepEqual(await published('203.0.113.7'), []);
		await assert.rejects(published(''), /Allowed IP Addresses: The expression gives no address/);
	});

	it('starts with n8n also with such a setting, and the log says so', async () => {
		const warnings = await publish(new ExotelTrigger(), { options: { timeZone: 'Asia/Calcuta' } }, 'init');
		assert.match(warnings.join(), /Time zone must be/);
	});

	describe('that confirms the end by asking Exotel', () => {
		let exotel: Double;
		const numbers = { from: '+919812345678', to: '+919812345679', exoPhone: '+918047112233' };
		beforeEach(async () => {
			exotel = await startDouble();
		});
		afterEach(() => exotel.close());

		/** What the trigger makes of the report of an end, and the answer it gave. */
		async function report(
			sid: string,
			{
				hasAccount = true,
				confirmEnd = true as unknown,
				mode = 'webhook',
				sources = [] as string[],
				events = ['terminal'],
				database = { staticData: '{}' },
				meanwhile = () => {},
				attempt = '',
			} = {},
		) {
			// As n8n: loaded when the request comes; stored as a whole afterwards, when the node changed something.
			const nodeTypes = {} as INodeTypes;
			const workflow = new Workflow({
				nodes: [],
				connections: {},
				active: true,
				nodeTypes,
				staticData: JSON.parse(database.staticData) as IDataObject,
			});
			const answers: number[] = [];
			const response = {
				status: (code: number) => (answers.push(code), response),
				json: () => response,
				once: () => response,
				end() {},
			};
			const { functions } = pollHost(exotel.origin);
			const { key, token } = exotel.account;
			const trigger = Object.assign(functions, {
				getMode: () => mode,
				getWorkflow: () => ({ id: 'workflow-2' }),
				getWorkflowStaticData: (type: string) => workflow.getStaticData(type, node),
				getCredentials: () =>
					hasAccount
						? Promise.resolve({ region: 'custom', baseUrl: exotel.origin, sid: exotel.account.sid })
						: Promise.reject(new Error('Node does not have any credentials set')),
				getNodeParameter: (name: string, otherwise: unknown) =>
					({ authentication: 'none', events, filters: { sources }, options: { confirmEnd } })[name] ??
					otherwise,
				getRequestObject: () => ({ method: 'POST', path: '/webhook/1/exotel', ip: '203.0.113.7' }),
				getResponseObject: () => response,
				getHeaderData: () => ({ 'content-type': 'application/json' }),
				getQueryData: () => (attempt === '' ? {} : { attempt }),
				getBodyData: () => ({
					CallSid: sid,
					EventType: 'terminal',
					Status: 'completed',
					From: '+911111111111',
				}),
				helpers: {
					httpRequestWithAuthentication: async (_: string, request: IHttpRequestOptions) => {
						assert.deepEqual(answers, [200], 'Exotel has its answer before it is asked');
						const authorization = `Basic ${Buffer.from(`${key}:${token}`).toString('base64')}`;
						meanwhile();
						const asked = await fetch(request.url, { headers: { authorization } });
						const body = Readable.from([Buffer.from(await asked.text())]);
						return { statusCode: asked.status, headers: {}, body };
					},
				},
			});
			const result = await new ExotelTrigger().webhook.call(trigger as unknown as IWebhookFunctions);
			const reason = asObject(result.webhookResponse)['reason'];
			const { staticData } = workflow;
			if (staticData['__dataChanged'] === true) database.staticData = JSON.stringify(staticData);
			return { ...result, answers, reason };
		}

		it('applies the chosen sources to the report, not to what Exotel says', async () => {
			const { sid } = exotel.addCall({ ...numbers, ended: true });
			const other = await report(sid, { sources: ['passthru'] });
			assert.deepEqual([other.workflowData, exotel.requests.length], [undefined, 0]);
			assert.ok((await report(sid, { sources: ['v1-callback'] })).workflowData);
		});

		it('undoes nothing that was stored while Exotel was asked', async () => {
			const { sid } = exotel.addCall({ ...numbers, ended: true });
			const database = { staticData: JSON.stringify({ 'node:Completed Calls': { readUntil: 1 } }) };
			const stored = JSON.stringify({ 'node:Completed Calls': { readUntil: 2 } });
			const meanwhile = () => void (database.staticData = stored);
			assert.ok((await report(sid, { database, meanwhile })).workflowData);
			assert.equal(database.staticData, stored);
		});

		it('asks nothing about an end that could start nothing: not chosen, or told before', async () => {
			const { sid } = exotel.addCall({ ...numbers, ended: true });
			const unwanted = await report(sid, { events: ['answered'] });
			assert.deepEqual([unwanted.reason, exotel.requests.length], ['Event filtered out', 0]);
			assert.ok((await report(sid)).workflowData);
			const [again, asked] = [await report(sid), exotel.requests.length];
			assert.deepEqual([again.reason, again.workflowData, asked], ['Repeated or overtaken event', undefined, 1]);
			const other = exotel.addCall({ ...numbers, ended: true });
			const stored = { 'node:Exotel': { calls: { [other.sid]: '[29800000,5,true,":terminal"]' } } };
			const known = await report(other.sid, { database: { staticData: JSON.stringify(stored) } });
			assert.deepEqual([known.reason, exotel.requests.length], ['Repeated or overtaken event', 1]);
		});

		it('starts the published workflow also while the same end is tried out', async () => {
			const { sid } = exotel.addCall({ ...numbers, ended: true });
			const both = await Promise.all([report(sid, { mode: 'manual' }), report(sid)]);
			assert.deepEqual(
				both.map(({ workflowData }) => workflowData !== undefined),
				[true, true],
			);
		});

		it('starts the workflow with what the record of the call says', async () => {
			const { sid } = exotel.addCall({ ...numbers, ended: true });
			const { workflowData, noWebhookResponse, answers } = await report(sid);
			const event = workflowData?.[0]?.[0]?.json as unknown as CallEvent;
			assert.deepEqual([event.source, event.call.from, noWebhookResponse], ['sweep', numbers.from, true]);
			assert.deepEqual(answers, [200]);
			assert.equal((await report(sid)).workflowData, undefined, 'a repeat starts nothing');
		});

		it('gives no attempt when the reports of a call named several: anybody can name one', async () => {
			const numbers = { from: '+919812345678', to: '+919812345679', exoPhone: '+918047112233' };
			for (const [named, attemptId] of [
				[['made-up', 'real'], undefined],
				[['real', 'real'], 'real'],
			] as const) {
				const { sid } = exotel.addCall({ ...numbers, ended: true });
				const all = await Promise.all(named.map((attempt) => report(sid, { attempt })));
				const item = all.find(({ workflowData }) => workflowData !== undefined)?.workflowData?.[0]?.[0];
				assert.equal(item?.json['attemptId'], attemptId);
			}
		});

		it('asks also when an expression that sets the option gives nothing; not when it says false', async () => {
			for (const confirmEnd of [undefined, null, '', 'true', false, 'false']) {
				const { sid } = exotel.addCall({ ...numbers, ended: true });
				const { workflowData } = await report(sid, { confirmEnd });
				const source = String(confirmEnd) === 'false' ? 'v1-callback' : 'sweep';
				assert.equal(workflowData?.[0]?.[0]?.json['source'], source, String(confirmEnd));
			}
		});

		it('starts nothing without an account, and says so', async () => {
			const { workflowData, answers } = await report('s1', { hasAccount: false });
			assert.deepEqual([workflowData, answers], [undefined, [503]]);
			assert.equal(exotel.requests.length, 0);
		});

		it('answers 503 while too many ends are being confirmed, so that none is taken and forgotten', async () => {
			const { takes } = EndConfirmation.prototype;
			EndConfirmation.prototype.takes = () => false;
			const { workflowData, answers } = await report('s1').finally(
				() => (EndConfirmation.prototype.takes = takes),
			);
			assert.deepEqual([workflowData, answers], [undefined, [503]]);
			assert.equal(exotel.requests.length, 0);
		});
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
		const more = { events: ['answered'], workflow: 'left out' };
		assert.equal((await receive('over', 'webhook', data, more)).workflowData, undefined);
		assert.deepEqual(Object.keys(data['calls'] as object), ['over']);
		const late = await receive('over', 'webhook', data, { eventType: 'answered', ...more });
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

	describe('after an event that is filtered out', () => {
		const noAnswer = {
			DialCallStatus: 'no-answer',
			CallType: 'incomplete',
			CurrentTime: '2019-04-08 03:18:35',
			Direction: 'outbound-dial',
		};
		const cases: [what: string, filters: IDataObject, filteredOut: Received, wanted: Received][] = [
			['another source', { sources: ['v1-callback'] }, { flow: noAnswer }, {}],
			[
				'another source with the same ID',
				{ sources: ['v1-callback'] },
				{ flow: { ...noAnswer, DialCallStatus: 'completed', CallType: 'completed' } },
				{},
			],
			['no ExoPhone', { exoPhones: '08047112233' }, { body: { PhoneNumberSid: '' } }, {}],
			[
				'another direction',
				{ direction: 'inbound' },
				{ body: { Direction: 'outbound-api' } },
				{ body: { Direction: 'inbound' } },
			],
			["a flow's no answer", { outcomes: ['failed'] }, { flow: noAnswer }, { body: { Status: 'failed' } }],
			['another outcome before a flow', { outcomes: ['no-answer'] }, {}, { flow: noAnswer }],
		];
		for (const [index, [what, filters, filteredOut, wanted]] of cases.entries()) {
			for (const events of [['terminal'], ['answered', 'terminal']]) {
				it(`starts the workflow once for the end: ${what}; ${events.join(' and ')}`, async () => {
					const data: IDataObject = {};
					const sid = `filtered-${events.length}-${index}`;
					const starts = async (received: Received) =>
						(await receive(sid, 'webhook', data, { ...received, events, filters })).workflowData !==
						undefined;
					assert.equal(await starts(filteredOut), false);
					assert.equal(await starts(wanted), true);
					assert.equal(await starts(wanted), false);
					assert.equal(await starts(filteredOut), false);
					assert.equal(await starts(wanted), false);
				});
			}
		}

		it('still drops late progress of a call whose end was filtered out', async () => {
			const data: IDataObject = {};
			const events = ['answered', 'terminal'];
			const filters = { outcomes: ['failed'] };
			assert.equal((await receive('late', 'webhook', data, { events, filters })).workflowData, undefined);
			const late = { events, filters, eventType: 'answered', body: { Status: 'in-progress' } };
			assert.equal((await receive('late', 'webhook', data, late)).workflowData, undefined);
			assert.ok((await receive('not-late', 'webhook', data, late)).workflowData);
		});
	});
});
