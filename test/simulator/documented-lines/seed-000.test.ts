/** Seed 000, answered and ringing events: each documented answer and limit, with the line it comes from. */
import assert from 'node:assert/strict';
import { DocumentedLines } from './lines';
import { agent, FlowStage, json, numbers } from '../flow-stage';
import { EXOPHONE, FROM, multipartPairs, subscribe, type Received } from '../telephone-line';
import { must } from '../must';

describe('simulator: seed 000 line by line', () => {
	let stage: FlowStage;
	beforeEach(async () => (stage = await FlowStage.open()));
	afterEach(() => stage.close());
	const lines = new DocumentedLines('seed 000');
	const documented = lines.case;

	/** What the agent pass-through gets while agents are rung during an inbound call. */
	const passthru = async (...agents: string[]): Promise<Received[]> => {
		const dial_passthru_event_url = `${stage.receiver.url}/popup`;
		stage.answers['/connect'] = json({ ...numbers(...agents), dial_passthru_event_url });
		await stage.setFlow([stage.connect()]);
		await stage.ringIn();
		return stage.at('/popup');
	};
	const each = async (name: string) => (await passthru(agent('10'))).map(({ query }) => query.get(name));
	const types = (events: Received[]) => events.map(({ query }) => query.get('EventType'));
	/** Bodies of the status callbacks of one call. */
	const callbacks = async (events: string[], fields: Record<string, string> = {}): Promise<any[]> => {
		await stage.line.placed({ ...subscribe(`${stage.receiver.url}/status`, events), ...fields });
		await stage.line.simulator.advance(60);
		return stage.at('/status').map(({ body }) => JSON.parse(body));
	};

	describe('agent pass-through', () => {
		documented('gives status callback for Dial and Terminal event.', async () => {
			assert.deepEqual(
				types(await passthru(agent('01'))).filter((type) => type !== 'Ringing'),
				[' Dial', 'Terminal'],
			);
		});
		documented('It makes a GET request to the URL with the following query parameters:', async () => {
			for (const { method, query } of await passthru(agent('10'))) {
				assert.equal(method, 'GET');
				assert.deepEqual(
					[...query.keys()],
					[
						'CallSid',
						'CallFrom',
						'CallTo',
						'Direction',
						'Created',
						'From',
						'To',
						'CurrentTime',
						'DialWhomNumber',
						'Status',
						'EventType',
					],
				);
			}
		});
		documented('CallFrom | string; the number of the calling party', async () => {
			assert.deepEqual([...new Set(await each('CallFrom'))], ['09812345670']);
			assert.deepEqual([...new Set(await each('From'))], ['09812345670']);
		});
		documented('CallTo | string; The callerID the customer had called to.', async () => {
			assert.deepEqual([...new Set(await each('CallTo'))], [EXOPHONE]);
			assert.deepEqual([...new Set(await each('To'))], [EXOPHONE]);
		});
		documented('For connect applet, this shall say "outbound-dial"', async () =>
			assert.deepEqual([...new Set(await each('Direction'))], ['outbound-dial']),
		);
		documented('Time when the event was fired', async () =>
			assert.deepEqual(await each('CurrentTime'), [
				'2026-11-21 10:00:00',
				'2026-11-21 10:00:01',
				'2026-11-21 10:00:04',
				'2026-11-21 10:00:10',
			]),
		);
		documented("This is the agent's number being dialed by Exotel for this attempt", async () => {
			const dialled = (await passthru(agent('01'), agent('10'))).map(({ query }) => query.get('DialWhomNumber'));
			assert.deepEqual([...new Set(dialled)], ['09812345701', '09812345710']);
		});
		documented("This is sent as 'busy' when the above agent is being called.", async () => {
			for (const digits of ['10', '02', '01']) {
				stage.receiver.received.length = 0;
				const status = (await passthru(agent(digits))).map(({ query }) => query.get('Status'));
				assert.deepEqual([status[0], status.at(-1)], ['busy', 'free'], digits);
			}
		});
		documented('This shall have values of " Dial", "Ringing", "Answered", "Terminal"', async () =>
			assert.deepEqual(await each('EventType'), [' Dial', 'Ringing', 'Answered', 'Terminal']),
		);
		documented('this needs to be enabled by Exotel for your account', async () => {
			await stage.line.control('PUT', '/quirks', { ringing: false });
			assert.deepEqual(types(await passthru(agent('10'))), [' Dial', 'Terminal']);
		});
	});

	describe('status callbacks', () => {
		documented('If no event is specified, we will send the default parameters', async () => {
			await stage.line.placed({ StatusCallback: `${stage.receiver.url}/status` });
			await stage.line.simulator.advance(60);
			const names = multipartPairs(must(stage.at('/status')[0])).map(([name]) => name);
			assert.deepEqual(names, ['CallSid', 'DateUpdated', 'Status', 'RecordingUrl']);
		});
		documented('the Exotel platform shall send a POST request to the status callback URL.', async () => {
			const events = await callbacks(['terminal', 'answered']);
			assert.deepEqual(
				events.map(({ EventType }) => EventType),
				['answered', 'answered', 'terminal'],
			);
			assert.ok(stage.at('/status').every(({ method }) => method === 'POST'));
		});
		documented('A sample post request when the first leg is answered:', async () => {
			const [first] = await callbacks(['answered']);
			assert.deepEqual(
				[first.Status, first.EndTime, first.Legs],
				[
					'no-answer',
					'null',
					[
						{ OnCallDuration: null, Status: 'in-progress' },
						{ OnCallDuration: null, Status: 'null' },
					],
				],
			);
		});
		documented('A sample example when the second leg is answered:', async () => {
			const [, second] = await callbacks(['answered']);
			assert.deepEqual(
				second.Legs.map(({ Status }: any) => Status),
				['in-progress', 'in-progress'],
			);
			assert.equal((await callbacks(['answered'], { From: '+919812345601' })).length, 2, 'nobody: no more');
		});
		documented('A sample example is when the first leg is ringing:', async () => {
			const [first] = await callbacks(['ringing']);
			assert.deepEqual(
				[first.EventType, first.Status, first.EndTime, first.ConversationDuration],
				['ringing', 'in-progress', null, null],
			);
			assert.deepEqual(
				first.Legs.map(({ Status }: any) => Status),
				['in-progress', null],
			);
		});
		documented('A sample example is when the second leg is ringing:', async () => {
			const [, second] = await callbacks(['ringing']);
			assert.deepEqual(
				second.Legs.map(({ Status }: any) => Status),
				['in-progress', 'in-progress'],
			);
		});
		documented('A sample example of Terminal statuscallback with Ringing Duration:', async () => {
			const [terminal] = await callbacks(['terminal']);
			assert.deepEqual(
				terminal.Legs.map(({ RingingDuration }: any) => RingingDuration),
				[3, 3],
			);
			assert.equal(terminal.EventTime, terminal.EndTime);
			assert.equal(terminal.From, FROM);
		});
		documented('If the ringing event is not available then the RingDuration is set as 0.', async () => {
			stage.line.simulator.setChaos({ missingRinging: true });
			const [terminal, ...others] = await callbacks(['ringing', 'terminal']);
			assert.deepEqual(others, []);
			assert.deepEqual(
				terminal.Legs.map(({ RingingDuration }: any) => RingingDuration),
				[0, 0],
			);
		});
	});

	lines.complete();
});
