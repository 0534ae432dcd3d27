/** Seed 003, CCM Connect applet: each documented rule of its own, with the line it comes from. */
import assert from 'node:assert/strict';
import { ACCOUNT, EXOPHONE, FROM, Line } from '../telephone-line';
import { agent, CUSTOMER, FlowStage, json, wav } from '../flow-stage';
import { DocumentedLines } from './lines';
import { must } from '../must';

const to = (...contacts: string[]) => ({ destination: contacts.map((contact_uri) => ({ contact_uri })) });

describe('simulator: seed 003 line by line', () => {
	let stage: FlowStage;
	beforeEach(async () => {
		stage = await FlowStage.open();
		await stage.setFlow([stage.connect('/connect', { version: '1.1' })]);
	});
	afterEach(() => stage.close());
	const lines = new DocumentedLines('seed 003');
	const documented = lines.case;

	const call = (answer: unknown): Promise<any> => {
		stage.answers['/connect'] = json(answer);
		return stage.ringIn();
	};
	const rung = (view: any): string[] =>
		view.timeline.filter(({ type }: any) => type === 'dial').map(({ detail }: any) => detail as string);
	const notRung = async (answer: unknown, code: number): Promise<void> => {
		const view = await call(answer);
		assert.deepEqual(rung(view), []);
		assert.equal(view.questions[0].accepted, true);
		assert.match(JSON.stringify(view.timeline), new RegExp(`error ${code}`));
		assert.ok(view.timeline.some(({ type }: any) => type === 'did-not-dial'));
	};
	const refused = async (answer: unknown, reason: RegExp): Promise<void> => {
		const view = await call(answer);
		assert.equal(view.questions[0].accepted, false, JSON.stringify(answer));
		assert.match(view.questions[0].reasons.join(), reason);
	};
	/** Whether the agent is busy for others while they are rung. */
	const managed = async (answer: unknown, contact = agent('10')): Promise<boolean> => {
		stage.answers['/connect'] = json(answer);
		const start = { from: CUSTOMER, to: EXOPHONE, flow: '926', account: ACCOUNT };
		const one = await stage.line.control('POST', '/inbound', start);
		await stage.line.simulator.advance(2);
		const other = await stage.line.control('POST', '/inbound', { ...start, from: FROM });
		await stage.line.simulator.advance(200);
		assert.deepEqual(rung(await stage.line.view(one.json.sid as string)), [contact]);
		const second = await stage.line.view(other.json.sid as string);
		return rung(second).length === 0 && JSON.stringify(second.timeline).includes('error 10706');
	};

	documented('such that no other call (incoming or outgoing) is routed to them until they are free.', async () => {
		stage.answers['/connect'] = json({ ...to(agent('10')), state_management: true });
		const start = { from: CUSTOMER, to: EXOPHONE, flow: '926', account: ACCOUNT };
		await stage.line.control('POST', '/inbound', start);
		await stage.line.simulator.advance(2);
		const place = () =>
			stage.line.v2('POST', '/calls', {
				from: { user_contact_uri: agent('10') },
				to: { customer_contact_uri: FROM },
				virtual_number: EXOPHONE,
			});
		assert.equal((await place()).json.response.error_data.code, 10706);
		await stage.line.simulator.advance(200);
		assert.equal((await place()).status, 200);
	});
	documented('Such users need not be mandatorily created on Exotel', async () =>
		assert.deepEqual(rung(await call({ ...to(agent('10')), state_management: true })), [agent('10')]),
	);
	documented('Current Version: 1.1', async () => {
		await call(to(agent('10')));
		assert.equal(must(stage.at('/connect')[0]).headers['exotel-version'], '1.1');
	});
	documented('exactly the same set of destination numbers', async () => {
		const view = await call({ ...to(agent('01')), fetch_after_attempt: true });
		assert.deepEqual([rung(view).length, view.questions.length], [1, 2]);
	});
	documented('destination | Mandatory | Array of JSON block', async () => {
		for (const answer of [{}, { destination: agent('10') }, { destination: { numbers: [agent('10')] } }])
			await refused(answer, /destination is mandatory and must be an array/);
	});
	documented('If any SIP URI is provided', async () => {
		const sip = 'sip:gauravjfb55d386';
		assert.equal(await managed({ ...to(sip), state_management: false }, sip), true);
	});
	documented('If any contact_uri is already added to the Exotel dashboard as a user number', async () => {
		stage.line.simulator.setAgents(ACCOUNT, [{ contact: agent('10') }]);
		assert.equal(await managed({ ...to(agent('10')), state_management: false }), true);
	});
	documented('The dial will happen in the order they appear in the array.', async () => {
		const order = [agent('02'), 'sip:asha01', agent('10')];
		assert.deepEqual(rung(await call(to(...order))), order);
	});
	documented('Allows the state management to be done on the ‘destination’ numbers.', async () => {
		assert.equal(await managed(to(agent('10'))), false, 'default');
		assert.equal(await managed({ ...to(agent('10')), state_management: false }), false);
		assert.equal(await managed({ ...to(agent('10')), state_management: true }), true);
		await refused({ ...to(agent('10')), state_management: 'yes' }, /state_management must be true or false/);
	});
	documented('using the same ExoPhone as the first leg (where the incoming call landed).', async () => {
		const view = await call({ ...to(agent('10')), outgoing_phone_number: '9087612345' });
		assert.match(view.questions[0].notes.join(), /no ExoPhone of this account; the incoming ExoPhone is used/);
		assert.deepEqual(rung(view), [agent('10')]);
	});
	documented('enable sticky agent mapping if set to true', async () => {
		const first = async (sticky_agent: unknown, ...contacts: string[]) =>
			rung(await call({ ...to(...contacts), sticky_agent }))[0];
		await first(true, agent('11'));
		assert.equal(await first(true, agent('10'), agent('11')), agent('11'));
		assert.equal(await first(false, agent('10'), agent('11')), agent('10'));
		await refused({ ...to(agent('10')), sticky_agent: 'yes' }, /sticky_agent must be true or false/);
	});
	documented('JSON block containing the recording related attributes.', async () => {
		const recording = (given: unknown) => call({ ...to(agent('10')), recording: given });
		assert.equal(Boolean((await recording({ record: true, channels: 'dual' })).call.recording), true);
		assert.equal(Boolean((await recording({ record: false })).call.recording), false);
		await refused({ ...to(agent('10')), recording: true }, /recording must be an object/);
		await refused({ ...to(agent('10')), recording: { channels: 'triple' } }, /recording\.channels must be single/);
	});
	documented('This can be increased up to 60 seconds.', async () => {
		const view = await call({ ...to(agent('01')), max_ringing_duration: 61 });
		assert.equal(view.call.legs[1].ringingSeconds, 60);
	});
	documented('This can be increased up to 75 minutes (4500 s).', async () => {
		const body = { ...to(agent('10')), max_conversation_duration: 4501 };
		const { json: checked } = await stage.line.control('POST', '/check-answer', { version: '1.1', body });
		assert.equal(checked.plan.conversationSeconds, 4500);
	});

	documented('This will dial all the numbers returned under the destination parameter.', async () => {
		const view = await call({ ...to(agent('01'), agent('02')), parallel_ringing: { activate: true } });
		const dialled = view.timeline.filter(({ type }: any) => type === 'dial');
		assert.deepEqual([dialled.length, dialled[0].at], [2, dialled[1].at]);
	});
	documented('Sample Rate = 8 kHz', async () => {
		const value = `${stage.receiver.url}/hello.wav`;
		stage.answers['/hello.wav'] = (_received, response) => response.end(wav({ rate: 44_100, channels: 1 }));
		const view = await call({ ...to(agent('10')), start_call_playback: { type: 'audio_url', value } });
		assert.match(view.questions[0].notes.join(), /44100 Hz, 16 bit, 1 channel; documented is 8000 Hz/);
	});

	describe('next applet', () => {
		const goesOn = async (): Promise<string[]> => {
			const next = (path: string) => [{ type: 'passthru', url: `${stage.receiver.url}/${path}` }];
			const fallbackUrl = `${stage.receiver.url}/second`;
			const branches = {
				afterConversation: next('ends'),
				nobodyAnswers: next('nobody'),
				didNotDial: next('none'),
			};
			await stage.setFlow([stage.connect('/connect', { version: '1.1', fallbackUrl, ...branches })]);
			await stage.ringIn();
			return stage.receiver.received.map(({ path }) => path).filter((path) => !/connect|second/.test(path));
		};
		documented('After the call conversation ends:', async () => {
			stage.answers['/connect'] = json(to(agent('10')));
			assert.deepEqual(await goesOn(), ['/ends']);
		});
		documented('If nobody answers:', async () => {
			stage.answers['/connect'] = json(to(agent('02')));
			assert.deepEqual(await goesOn(), ['/nobody']);
		});
		documented('times out or returns a non-2xx response code.', async () => {
			stage.answers['/connect'] = stage.answers['/second'] = json('', 'text/plain', 500);
			assert.deepEqual(await goesOn(), ['/none']);
		});
		documented('doesn’t return a valid payload.', async () => {
			stage.answers['/connect'] = stage.answers['/second'] = json('[]');
			assert.deepEqual(await goesOn(), ['/none']);
		});
	});

	describe('call events', () => {
		const events = async (): Promise<any[]> => {
			await call({ ...to(agent('10')), call_event_passthru_url: `${stage.receiver.url}/events` });
			return stage.at('/events').map(({ body }) => JSON.parse(body));
		};
		documented('to send the details for dial, ringing, answered and terminal events.', async () => {
			const sent = await events();
			assert.deepEqual(
				sent.map(({ event_details, call_details }) => [event_details.event_type, call_details.status]),
				[
					['dial', 'busy'],
					['ringing', 'busy'],
					['answered', 'busy'],
					['terminal', 'free'],
				],
			);
			const { from, to: called, virtual_number, direction } = sent[0].call_details;
			// the sample: "from": "08516043026", "to": "9968654311", "virtual_number": "01135124160"
			assert.deepEqual(
				[from, called, virtual_number, direction],
				['09812345670', '9812345710', EXOPHONE, 'incoming'],
			);
		});
		documented("'ringing' and 'answered' events can be enabled for select accounts only.", async () => {
			await stage.line.control('PUT', '/quirks', { ringing: false });
			assert.deepEqual(
				(await events()).map(({ event_details }) => event_details.event_type),
				['dial', 'terminal'],
			);
		});
	});

	describe('fallback', () => {
		const fallsBack = async (line = stage.line): Promise<void> => {
			stage.answers['/second'] = json(to(agent('10')));
			const fallbackUrl = `${stage.receiver.url}/second`;
			const applets = [stage.connect('/connect', { version: '1.1', fallbackUrl })];
			line.simulator.setFlow('926', { applets });
			const sid = line.simulator.inbound({ from: CUSTOMER, to: EXOPHONE, flow: '926', account: ACCOUNT });
			await line.simulator.advance(200);
			const view = await line.view(sid);
			assert.deepEqual(
				view.questions.map(({ source, accepted }: any) => [source, accepted]),
				[
					['primary', false],
					['fallback', true],
				],
			);
			assert.deepEqual(rung(view), [agent('10')]);
		};
		documented('The primary URL does not return HTTP 200 OK', async () => {
			stage.answers['/connect'] = json(to(agent('10')), 'application/json', 404);
			await fallsBack();
		});
		documented('doesn’t return within the timeout period (5 seconds)', async () => {
			const hasty = await Line.open({ answerTimeoutMs: 50 });
			stage.answers['/connect'] = () => undefined;
			await fallsBack(hasty).finally(() => hasty.close());
		});
		documented('Content-Type should be application/JSON', async () => {
			stage.answers['/connect'] = json(to(agent('10')), 'text/html');
			await fallsBack();
		});
		documented('Mandatory parameters are present', async () => {
			stage.answers['/connect'] = json({ state_management: true });
			await fallsBack();
		});
		documented('should be HTTP/HTTPS and returns 200 HTTP code', async () => {
			const value = `${stage.receiver.url}/hello.wav`;
			const answer = { ...to(agent('10')), start_call_playback: { type: 'audio_url', value } };
			stage.answers['/connect'] = json(answer);
			stage.answers['/hello.wav'] = json('', 'text/plain', 500);
			await fallsBack();
			stage.answers['/hello.wav'] = (_received, response) => response.end(wav({ rate: 8000, channels: 1 }));
			assert.equal((await call(answer)).questions[0].accepted, true);
		});
	});

	describe('nobody is dialled', () => {
		documented('If the number to dial returned is in invalid format.', async () => {
			for (const contact of ['09812345710', 'nobody']) assert.deepEqual(rung(await call(to(contact))), []);
		});
		documented('If an empty number (destination) is returned', async () => {
			for (const answer of [to(), to('')]) assert.deepEqual(rung(await call(answer)), []);
		});
		const withAgent = (settings: Record<string, unknown>): void =>
			stage.line.simulator.setAgents(ACCOUNT, [{ contact: agent('10'), ...settings }]);
		documented("Invalid phone number of a user which doesn't exist", async () => {
			withAgent({ device: false });
			await notRung(to(agent('10')), 10806);
		});
		documented('The user device is unverified', async () => {
			withAgent({ verified: false });
			await notRung(to(agent('10')), 10705);
		});
		documented('The user device is OFF (available = false) in Exotel', async () => {
			withAgent({ available: false });
			await notRung(to(agent('10')), 10703);
		});
		documented('The number is busy on another call (Incoming or Outgoing)', async () => {
			withAgent({});
			const { status } = await stage.line.v2('POST', '/calls', {
				from: { user_contact_uri: agent('10') },
				to: { customer_contact_uri: FROM },
				virtual_number: EXOPHONE,
			});
			assert.equal(status, 200);
			await notRung(to(agent('10')), 10706);
		});
	});

	lines.complete();
});
