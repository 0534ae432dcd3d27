/** Who is busy for other calls: state management of Connect 1.1 (seed 003), and none in version 1.0 (seed 002). */
import assert from 'node:assert/strict';
import { ACCOUNT, EXOPHONE, FROM } from './telephone-line';
import { agent, CUSTOMER, FlowStage, json, numbers } from './flow-stage';

const to = (...contacts: string[]) => ({ destination: contacts.map((contact_uri) => ({ contact_uri })) });
const SIP = 'sip:asha01';

describe('simulator: state management', () => {
	let stage: FlowStage;
	beforeEach(async () => {
		stage = await FlowStage.open();
		await stage.setFlow([stage.connect('/connect', { version: '1.1' })]);
	});
	afterEach(() => stage.close());

	/** Rings in and waits some seconds. */
	const ringing = async (answer: unknown, wait = 2, from = CUSTOMER): Promise<string> => {
		stage.answers['/connect'] = json(answer);
		const inbound = { from, to: EXOPHONE, flow: '926', account: ACCOUNT };
		const { json: placed } = await stage.line.control('POST', '/inbound', inbound);
		await stage.line.simulator.advance(wait);
		return placed.sid as string;
	};
	const rung = async (sid: string): Promise<string[]> =>
		(await stage.line.view(sid)).timeline
			.filter(({ type }: any) => type === 'dial')
			.map(({ detail }: any) => detail as string);
	/** Whether a second caller gets through while the first is being connected. */
	const secondRings = async (first: unknown, second = first): Promise<boolean> => {
		await ringing(first);
		const sid = await ringing(second, 200, FROM);
		return (await rung(sid)).length > 0;
	};

	it('keeps a number busy that is no agent of an account with agents, and frees it', async () => {
		stage.line.simulator.setAgents(ACCOUNT, [{ contact: agent('11') }]);
		const answer = { ...to(agent('10')), state_management: true };
		assert.equal(await secondRings(answer), false);
		assert.equal((await rung(await ringing(answer, 200))).length, 1, 'free again');
		assert.equal(await secondRings(to(SIP)), false, 'a SIP address by default');
		assert.equal(await secondRings(to(agent('10'))), true, 'without state management');
	});

	it('does not ring a busy number for an answer without state_management either', async () => {
		stage.line.simulator.setAgents(ACCOUNT, []);
		assert.equal(await secondRings({ ...to(agent('10')), state_management: true }, to(agent('10'))), false);
	});

	it('frees a managed number when its call is forgotten', async () => {
		await stage.close();
		stage = await FlowStage.open({ maxCalls: 1 });
		await stage.setFlow([stage.connect('/connect', { version: '1.1' })]);
		stage.line.simulator.setAgents(ACCOUNT, []);
		assert.equal(await secondRings({ ...to(agent('10')), state_management: true }), true);
	});

	it('manages a number for the answers that ask for it only', async () => {
		await ringing({ ...to(agent('10')), state_management: true }, 200);
		assert.equal(await secondRings(to(agent('10'))), true);
		await ringing({ ...to(agent('10'), SIP), state_management: false }, 200);
		assert.equal(await secondRings(to(agent('10'), SIP)), true, 'a SIP address manages itself only');
	});

	it('has no such rules in version 1.0', async () => {
		await stage.setFlow([stage.connect()]);
		for (const settings of [{ available: false }, { verified: false }, { device: false }, {}]) {
			stage.line.simulator.setAgents(ACCOUNT, [{ contact: agent('10'), ...settings }]);
			assert.equal(await secondRings(numbers(agent('10'))), true, JSON.stringify(settings));
			await stage.line.simulator.advance(200);
		}
	});

	it('frees an agent who is busy or failed while the others ring on', async () => {
		const given = [agent('02'), agent('03'), agent('01')];
		stage.line.simulator.setAgents(
			ACCOUNT,
			given.map((contact) => ({ contact })),
		);
		const url = `${stage.receiver.url}/events`;
		const sid = await ringing(
			{ ...to(...given), parallel_ringing: { activate: true }, call_event_passthru_url: url },
			5,
		);
		const status = async () => {
			const { json: users } = await stage.line.v2('GET', '/users?fields=devices');
			return users.response.map(({ data }: any) => data.devices[0].status);
		};
		assert.deepEqual(await status(), ['free', 'free', 'busy']);
		const terminal = () =>
			stage
				.at('/events')
				.map(({ body }) => JSON.parse(body))
				.filter(({ event_details }) => event_details.event_type === 'terminal')
				.map(({ call_details }) => call_details.to as string);
		assert.deepEqual(terminal(), ['9812345702', '9812345703']);
		await stage.line.simulator.advance(200);
		assert.deepEqual(terminal(), ['9812345702', '9812345703', '9812345701']);
		assert.equal((await stage.line.view(sid)).call.outcome, 'no-answer');
	});

	it('maps a caller to an agent by talks under answers with sticky_agent', async () => {
		const both = to(agent('10'), agent('11'));
		await ringing(to(agent('11')), 200);
		assert.equal((await rung(await ringing({ ...both, sticky_agent: true }, 200)))[0], agent('10'));
		await ringing({ ...to(agent('11')), sticky_agent: true }, 200);
		assert.equal((await rung(await ringing({ ...both, sticky_agent: true }, 200)))[0], agent('11'));
	});

	it('refuses a destination that is no list of blocks', async () => {
		for (const entry of [agent('10'), {}, { contact_uri: 7 }, null]) {
			stage.answers['/connect'] = json({ destination: [entry] });
			const view = await stage.ringIn();
			assert.equal(view.questions[0].accepted, false, JSON.stringify(entry));
			assert.match(view.questions[0].reasons.join(), /destination\[0\] must be \{ "contact_uri": "…" \}/);
		}
	});

	it('says no-answer when a Connect applet reached nobody, whatever comes after', async () => {
		for (const [contacts, reached] of [
			[[], 'no-answer'],
			[[agent('02')], 'busy'],
			[[agent('10')], 'answered'],
		] as const)
			for (const more of [[], [{ type: 'voicemail' }]]) {
				await stage.setFlow([stage.connect('/connect', { version: '1.1' }), ...more]);
				stage.answers['/connect'] = json(to(...contacts));
				assert.equal((await stage.ringIn()).call.outcome, reached, `${contacts.join()} ${more.length}`);
			}
	});

	it('notes what it cuts of an answer', async () => {
		const noted = async (applet: unknown, body: unknown, type: string): Promise<string> => {
			await stage.setFlow([applet]);
			stage.answers['/say'] = json(body, type);
			return (await stage.ringIn()).questions.at(-1).notes.join();
		};
		const greeting = { type: 'greeting', url: `${stage.receiver.url}/say` };
		assert.equal(await noted(greeting, 'x'.repeat(2000), 'text/plain'), '');
		assert.match(await noted(greeting, 'x'.repeat(2001), 'text/plain'), /the text is cut after 2000 characters/);
		stage.answers['/a.wav'] = json('RIFF\0\0\0\0WAVEfmt ', 'audio/wav');
		const sounds = Array<string>(11).fill(`${stage.receiver.url}/a.wav`).join('\n');
		assert.match(await noted(greeting, sounds, 'text/plain'), /11 sounds are named; the first 10 are played/);
		const gather = { type: 'gather', url: `${stage.receiver.url}/say` };
		const prompt = { gather_prompt: { text: 'x'.repeat(2001) } };
		assert.match(
			await noted(gather, prompt, 'application/json'),
			/gather_prompt\.text is cut after 2000 characters/,
		);
	});
});
