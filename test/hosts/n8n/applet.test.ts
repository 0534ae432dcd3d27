/**
 * Applets on a real n8n: the simulator's callers ask Connect 1.0, Connect 1.1 and Passthru, and always get an answer:
 * by the workflow, or by the fallback when the workflow fails, is slow, or builds an answer Exotel would refuse.
 */
import assert from 'node:assert/strict';
import { outputOf } from './runs';
import { EXO_PHONE, SECRETS, sharedStage, type Json, type Stage, type Stored } from './stage';
import { line, node, ours, type WorkflowNode } from './workflows';

const question = {
	CallSid: 'c'.repeat(32),
	CallFrom: '09812345678',
	CallTo: EXO_PHONE,
	Direction: 'incoming',
	Created: 'Sat, 21 Nov 2026 12:31:59',
	CallType: 'call-attempt',
	flow_id: '926',
	digits: '"2"',
};

describe('applets on n8n', function () {
	this.timeout(120_000);
	let stage: Stage;
	before(async () => {
		stage = await sharedStage();
	});

	interface Asking {
		workflow: Stored;
		applet: string;
		fallback: string;
		/** Asks as an applet does. */
		ask(
			version: '1.0' | '1.1' | null,
			more?: Json,
			fallback?: boolean,
		): Promise<{ status: number; body: string; type: string | null }>;
	}

	async function asking(trigger: Json, after: WorkflowNode[]): Promise<Asking> {
		const first = ours('Question', 'exotelAppletTrigger', trigger, { exotelWebhookTokenApi: stage.token });
		const workflow = await stage.live(line('Answers', [first, ...after]));
		const [applet, fallback] = ['applet', 'fallback'].map(
			(end) => `/webhook/${first.webhookId}/${end}?token=${SECRETS.webhookToken}`,
		) as [string, string];
		return {
			workflow,
			applet,
			fallback,
			ask: async (version, more = {}, toFallback = false) => {
				const query = new URLSearchParams({ ...question, ...more }).toString();
				const headers: Record<string, string> = version === null ? {} : { 'Exotel-Version': version };
				const {
					status,
					text,
					headers: answered,
				} = await stage.hit('GET', `${toFallback ? fallback : applet}&${query}`, { headers });
				return { status, body: text, type: answered.get('content-type') };
			},
		};
	}

	const answerNode = (parameters: Json, more: Json = {}) =>
		ours('Answer', 'exotelAppletAnswer', parameters, {}, more);

	it('connects a caller, with every option, in the words of each version', async () => {
		const { ask, workflow } = await asking({ applet: 'connect' }, [
			answerNode({
				answer: 'connect',
				destinations: '={{ $json.digits === "2" ? ["+919811112222", "9811113333"] : "" }}',
				options: {
					record: true,
					ringTimeSeconds: 20,
					musicOnHold: 'operator_tone',
					playbackText: 'One moment',
				},
			}),
		]);
		const old = await ask('1.0');
		assert.deepEqual([old.status, old.type], [200, 'application/json']);
		const {
			destination: numbers,
			record,
			max_ringing_duration: ringing,
			music_on_hold: music,
			start_call_playback: playback,
		} = JSON.parse(old.body);
		assert.deepEqual(
			{ numbers, record, ringing, music },
			{
				numbers: { numbers: ['+919811112222', '+919811113333'] },
				record: true,
				ringing: 20,
				music: { type: 'operator_tone' },
			},
		);
		assert.deepEqual([playback.type, playback.value], ['text', 'One moment']);
		const { destination, recording } = JSON.parse((await ask('1.1')).body);
		assert.deepEqual(destination, [{ contact_uri: '+919811112222' }, { contact_uri: '+919811113333' }]);
		assert.equal(recording.record, true);
		const execution = await stage.client.waitForExecution(workflow);
		const [asked] = outputOf(execution, 'Question');
		assert.deepEqual([asked!['kind'], asked!['digits'], asked!['call'].from], ['connect', '2', '+919812345678']);
		assert.equal(outputOf(execution, 'Answer')[0]!['sent'], true);
	});

	it('lets a caller of the simulator through to the agent', async () => {
		const { applet, fallback } = await asking({ applet: 'connect' }, [
			answerNode({ answer: 'connect', destinations: '+919811112205' }),
		]);
		stage.simulator.setFlow(
			'n8n-1',
			{
				applets: [
					{
						type: 'connect',
						version: '1.0',
						url: `${stage.n8n.url}${applet}`,
						fallbackUrl: `${stage.n8n.url}${fallback}`,
					},
				],
			},
			'stage1',
		);
		const sid = stage.simulator.inbound({ from: '+919812345678', to: EXO_PHONE, flow: 'n8n-1', account: 'stage1' });
		await stage.until(
			() => (stage.simulator.call(sid)!['call'] as Json)['state'] === 'ended',
			'the call has ended',
		);
		const { call, timeline } = stage.simulator.call(sid) as { call: Json; timeline: Json[] };
		assert.equal(call['outcome'], 'answered', JSON.stringify(timeline));
	});

	it('takes branches and cases of a Passthru', async () => {
		const branch = await asking({ applet: 'passthru' }, [
			answerNode({ answer: 'branch', branch: '={{ $json.digits === "2" ? "first" : "second" }}' }),
		]);
		assert.equal((await branch.ask(null)).status, 200);
		assert.equal((await branch.ask(null, { digits: '"3"' })).status, 302);
		const cases = await asking({ applet: 'passthru' }, [answerNode({ answer: 'case', caseName: 'premium' })]);
		const { status, body, type } = await cases.ask(null);
		assert.deepEqual([status, JSON.parse(body)], [200, { select: 'premium' }]);
		assert.match(type!, /^text\/plain/);
	});

	it('sends a JSON answer the user wrote, once it is right', async () => {
		const { ask } = await asking({ applet: 'connect' }, [
			answerNode({
				answer: 'own',
				own: '{"destination":{"numbers":["+919811112222"]},"distribute_calls":"equally"}',
			}),
		]);
		assert.deepEqual(JSON.parse((await ask('1.0')).body)['destination'], { numbers: ['+919811112222'] });
	});

	it('never sends an answer Exotel would refuse: the caller gets the fallback, the node the reasons', async () => {
		const { ask, workflow } = await asking({ applet: 'connect', fallbackDestinations: '+919800000001' }, [
			answerNode({
				answer: 'connect',
				destinations: 'nobody at all',
				options: { ringTimeSeconds: '={{ 900 }}' },
			}),
		]);
		const { status, body } = await ask('1.0');
		assert.deepEqual([status, JSON.parse(body)['destination']], [200, { numbers: ['+919800000001'] }]);
		const { error } = await stage.client.waitForExecution(workflow);
		assert.match(`${error!.message} ${error!.description}`, /not a phone number/);
		assert.match(`${error!.message} ${error!.description}`, /at most 60/);
	});

	it('answers with the fallback when the workflow fails, is slow, or does not answer at all', async () => {
		const fails = await asking(
			{ applet: 'connect', fallbackDestinations: '+919800000001', options: { answerSeconds: 0.7 } },
			[
				node('Fails', 'n8n-nodes-base.stopAndError', 1, { errorMessage: 'An error of the workflow' }),
				answerNode({ answer: 'nobody' }),
			],
		);
		assert.deepEqual(JSON.parse((await fails.ask('1.0')).body)['destination'], { numbers: ['+919800000001'] });
		assert.equal((await stage.client.waitForExecution(fails.workflow)).status, 'error');

		const slow = await asking({ applet: 'passthru', fallbackBranch: 'second', options: { answerSeconds: 0.5 } }, [
			node('Slow', 'n8n-nodes-base.wait', 1.1, { amount: 2, unit: 'seconds' }),
			answerNode({ answer: 'branch', branch: 'first' }),
		]);
		assert.equal((await slow.ask(null)).status, 302);
		const late = await stage.client.waitForExecution(slow.workflow);
		assert.equal(late.status, 'success');
		assert.deepEqual(outputOf(late, 'Answer'), [{ sent: false, reason: 'too-late' }]);

		const silent = await asking({ applet: 'connect', options: { answerSeconds: 0.5 } }, [
			node('Nothing', 'n8n-nodes-base.noOp', 1),
		]);
		assert.deepEqual(JSON.parse((await silent.ask('1.1')).body)['destination'], []);
		assert.equal((await fails.ask('1.0')).status, 200, 'n8n is alive and well');
	});

	it("answers Exotel's Fallback URL at once, without an execution", async () => {
		const { ask, workflow } = await asking(
			{ applet: 'connect', fallbackDestinations: '+919800000001, sip:agent7' },
			[answerNode({ answer: 'nobody' })],
		);
		const { status, body } = await ask('1.1', {}, true);
		assert.deepEqual(
			[status, JSON.parse(body)['destination']],
			[200, [{ contact_uri: '+919800000001' }, { contact_uri: 'sip:agent7' }]],
		);
		assert.equal((await stage.client.executions(workflow)).length, 0);
	});

	it('lets nobody in without the token, and answers what it cannot read with the fallback', async () => {
		const { applet, ask, workflow } = await asking({ applet: 'connect' }, [answerNode({ answer: 'nobody' })]);
		assert.equal((await stage.hit('GET', applet.split('?')[0]!)).status, 401);
		const { status, body } = await ask('1.0', { CallSid: '' });
		assert.deepEqual([status, JSON.parse(body)['destination']], [200, { numbers: [] }]);
		assert.equal((await stage.client.executions(workflow)).length, 0);
	});

	it('does not publish with a fallback that Exotel would refuse', async () => {
		await assert.rejects(
			asking({ applet: 'connect', fallbackDestinations: 'reception' }, [answerNode({ answer: 'nobody' })]),
			/not a phone number|could not be published/,
		);
	});

	it('explains an answer without a question', async () => {
		const hook = node(
			'Hook',
			'n8n-nodes-base.webhook',
			2.1,
			{ httpMethod: 'GET', path: 'no-question', responseMode: 'onReceived', options: {} },
			{ webhookId: 'no-question' },
		);
		const workflow = await stage.live(line('No question', [hook, answerNode({ answer: 'nobody' })]));
		await stage.hit('GET', '/webhook/no-question');
		const { error } = await stage.client.waitForExecution(workflow);
		assert.match(error!.message, /no Exotel Applet Trigger/);
	});
});
