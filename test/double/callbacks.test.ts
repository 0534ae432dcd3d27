/** The status callbacks against the samples of seeds 000, 004 (v1) and 001 (v2). */
import assert from 'node:assert/strict';
import { startDouble, type CallScript, type Double } from './index';
import { connected, makeCall, people, startReceiver, type Receiver } from './client';
import { readMultipart, readUrlencoded } from './form';
import { formSampleShape, formShape, sampleJson, sampleText, shape } from './samples';

describe('double: status callbacks', () => {
	let double: Double;
	let receiver: Receiver;
	beforeEach(async () => {
		double = await startDouble();
		receiver = await startReceiver();
	});
	afterEach(() => Promise.all([double.close(), receiver.close()]));

	const call = (events: string[], more: Record<string, string> = {}, script: CallScript = {}): Promise<string> => {
		double.nextCall(script);
		const asked = events.map((event, index): [string, string] => [`StatusCallbackEvents[${index}]`, event]);
		return connected(double, {
			StatusCallback: `${receiver.origin}/status?k=1`,
			...Object.fromEntries(asked),
			...more,
		});
	};
	const json = { StatusCallbackContentType: 'application/json' };
	const body = (at = -1): unknown => JSON.parse(receiver.got.at(at)?.text ?? '');

	it('sends nothing unless told', async () => {
		await call(['terminal', 'answered', 'ringing']);
		assert.equal(receiver.got.length, 0);
	});

	it('sends the default four fields as multipart when no events were asked for (seed 004)', async () => {
		const sid = await call([]);
		const reported = await double.report(sid, 'terminal');
		assert.equal(reported.status, 200);
		const [request] = receiver.got;
		assert.equal(request?.url, '/status?k=1');
		assert.match(request?.headers['content-type'] ?? '', /^multipart\/form-data; boundary=-+[0-9a-f]{16}$/);
		const pairs = readMultipart(request?.body ?? Buffer.alloc(0), request?.headers['content-type'] ?? '');
		assert.deepEqual(
			pairs?.map(([name]) => name),
			['CallSid', 'DateUpdated', 'Status', 'RecordingUrl'],
		);
		assert.deepEqual(pairs?.[2], ['Status', 'completed']);
	});

	for (const event of ['ringing', 'answered'] as const) {
		for (const leg of [1, 2] as const) {
			it(`tells that leg ${leg} is ${event} as the sample (seed 000)`, async () => {
				const sid = await call(['terminal', event], json);
				await double.report(sid, event, { leg });
				assert.equal(receiver.got[0]?.headers['content-type'], 'application/json');
				assert.deepEqual(
					shape(body()),
					shape({ ...(sampleJson(`000-${event}-${leg}.json`) as object), ...written(event) }),
				);
			});
		}
	}
	/** The ringing samples print numbers without a country; ours come back as they were sent. */
	const written = (event: string): object =>
		event === 'ringing' ? { To: people.customer, From: people.agent, PhoneNumberSid: '08045680001' } : {};

	it('tells of the end as the sample with ringing (seed 000) and without (seed 004)', async () => {
		const ringing = await call(['terminal', 'ringing'], { ...json, Record: 'true' });
		await double.report(ringing, 'terminal');
		assert.deepEqual(
			shape(body()),
			shape({ ...(sampleJson('000-terminal.json') as object), ...written('ringing') }),
		);
		// The sample says no-answer of a call with two answered legs; a script can say so, too.
		const plain = await call(['terminal'], { ...json, Record: 'true' }, { terminal: { status: 'no-answer' } });
		await double.report(plain, 'terminal');
		assert.deepEqual(shape(body()), shape(sampleJson('004-terminal.json')));
	});

	it('writes the form of the sample: legs as Legs[0][Status], nothing for what is unknown (seed 004)', async () => {
		const sid = await call(['terminal'], {}, { legs: [{ status: 'no-answer' }] });
		const { sent, contentType } = await double.report(sid, 'terminal');
		const pairs = readMultipart(Buffer.from(sent), contentType) ?? [];
		assert.deepEqual(formShape(pairs), formSampleShape(sampleText('004-terminal.form')));
		assert.match(sent, /name="Legs\[1\]\[Status\]"\r\n\r\n\r\n--/);
		const urlencoded = await double.report(sid, 'terminal', { contentType: 'urlencoded' });
		assert.deepEqual(readUrlencoded(urlencoded.sent), pairs);
	});

	it('hands CustomField back at the end only (seed 004, "CustomField")', async () => {
		const sid = await call(['terminal', 'answered'], { ...json, CustomField: 'order 7' });
		await double.report(sid, 'answered');
		assert.equal('CustomField' in (body() as object), false);
		await double.report(sid, 'terminal');
		assert.equal((body() as { CustomField: string }).CustomField, 'order 7');
	});

	it('changes, leaves out, repeats and redirects as told', async () => {
		const sid = await call(['terminal'], json);
		const options = {
			extra: { Status: 'busy', More: 1 },
			omit: ['RecordingUrl'],
			times: 2,
			to: `${receiver.origin}/other`,
		};
		await double.report(sid, 'terminal', options);
		assert.deepEqual(
			receiver.got.map((request) => request.url),
			['/other', '/other'],
		);
		assert.equal(receiver.got[0]?.text, receiver.got[1]?.text);
		const fields = body() as Record<string, unknown>;
		assert.deepEqual([fields.Status, fields.More, 'RecordingUrl' in fields], ['busy', 1, false]);
		receiver.answers.push({ status: 401 }, null);
		assert.equal((await double.report(sid, 'terminal')).status, 401);
		assert.equal((await double.report(sid, 'terminal', { timeoutMs: 20 })).error, 'timeout');
	});

	it('refuses to send what Exotel would not send', async () => {
		const sid = await call(['terminal']);
		await assert.rejects(double.report(sid, 'answered'), /nobody asked/);
		double.account.ringing = false;
		const ringing = await call(['ringing']);
		await assert.rejects(double.report(ringing, 'ringing'), /nobody asked/);
		const flow = await call(['answered', 'terminal'], {
			To: '',
			Url: 'http://my.exotel.com/Exotel/exoml/start_voice/926',
		});
		await assert.rejects(double.report(flow, 'answered'), /nobody asked/);
		assert.match(
			(await double.report(flow, 'terminal')).sent,
			/name="CallSid"[^]*name="DateUpdated"[^]*name="Status"/,
		);
	});

	it('ends the call with its terminal report', async () => {
		const sid = await call(['terminal'], {}, { liveReads: 'until-told' });
		assert.equal(double.calls[0]?.ended, false);
		await double.report(sid, 'terminal');
		assert.equal(double.calls[0]?.ended, true);
	});

	it('tells of a v2 call as the samples, each event at its own address (seed 001)', async () => {
		const agent = double.account.agents[0];
		const status_callback = ['answered', 'terminal'].map((event) => ({
			event,
			url: `${receiver.origin}/${event}`,
		}));
		await makeCall(double, { custom_field: '12130y124b2f142', recording: true, status_callback });
		const sid = double.calls[0]?.sid ?? '';
		for (const leg of [1, 2] as const) {
			await double.report(sid, 'answered', { leg });
			assert.deepEqual(shape(body()), shape(sampleJson(`001-answered-${leg}.json`)));
		}
		if (agent !== undefined) agent.name = 'Sarthak XXXX';
		double.account.addressBook.set(people.customer, 'Sarthak XXXX');
		await double.report(sid, 'terminal', { extra: { digits: null } });
		assert.deepEqual(shape(body()), shape(sampleJson('001-terminal.json')));
		assert.deepEqual(
			receiver.got.map((request) => request.path),
			['/answered', '/answered', '/terminal'],
		);
	});
});
