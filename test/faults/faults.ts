/** The faults of the table, in its order: what goes wrong at Exotel, on the way or in the host. */
import { send, type Response } from '../double/http';
import type { Host, Mode } from './call';
import type { FaultyExotel, Pass, Trouble } from './exotel';

/** One cell while it is played. */
export interface Scene {
	host: Host;
	exotel: FaultyExotel;
	mode: Mode;
	pass: Pass;
	/** A message makes the node place the call; resolves when nothing more happens unless time passes. */
	place(): Promise<void>;
}

/** One row of the table. */
export interface Fault {
	name: string;
	/** What the row means, for the page. */
	means: string;
	trouble: Trouble;
	/** Whether a phone rings. */
	rings: boolean;
	/** What happens; the call is placed, played and reported unless said. */
	play?(scene: Scene): Promise<void>;
	/** What is done to the host itself. */
	stopsHost?: 'killed' | 'restarted';
	/** Where the host makes it impossible to know the end, so that “unknown” is the honest answer. */
	unknownOn?: 'n8n';
}

const usual = { answer: 'normal', reports: 'usual' } as const;

/** Long enough for every wait of every host: n8n's longest is an hour here. */
const REST_SECONDS = 4500;

/** A report written by hand that names the call but not the attempt, and lies: it says busy. */
export function lie({ sid, address }: { sid: string; address: string }, mode: Mode): Promise<Response> {
	const named = new URL(address);
	named.searchParams.delete('attempt');
	const json = mode === 'agent';
	const details = { call_sid: sid, call_state: 'terminal', call_status: 'agent_unanswered' };
	const body = json
		? JSON.stringify({ event_details: { event_type: 'terminal' }, call_details: details })
		: new URLSearchParams({ CallSid: sid, Status: 'busy', RecordingUrl: '' }).toString();
	const type = json ? 'application/json' : 'application/x-www-form-urlencoded';
	return send(named.href, { method: 'POST', headers: { 'Content-Type': type }, body, timeoutMs: 15_000 });
}

/** The usual course. */
export async function playFault(fault: Fault, scene: Scene): Promise<void> {
	scene.exotel.prepare(fault.trouble);
	if (fault.play === undefined) {
		await scene.place();
		await scene.exotel.play(scene.pass);
	} else await fault.play(scene);
	await scene.pass(REST_SECONDS);
	await scene.host.search();
}

const answered = (name: string, answer: Trouble['answer'], rings: boolean, means: string): Fault => ({
	name,
	means,
	trouble: { answer, reports: 'usual' },
	rings,
});
const reported = (name: string, reports: Trouble['reports'], means: string): Fault => ({
	name,
	means,
	trouble: { answer: 'normal', reports },
	rings: true,
});

export const faults: readonly Fault[] = [
	{
		...answered('timeout', 'none', true, 'Exotel takes the call and never answers the request.'),
		// n8n refuses the report of the end, because the run still waits for the answer; a repeated report is heard.
		unknownOn: 'n8n',
	},
	answered('500', '500', false, 'The request is answered 500. No phone rings, but nobody can know that.'),
	answered('502', '502', false, 'The request is answered 502, with a page of HTML. No phone rings.'),
	answered('503', '503', false, 'The request is answered 503. No phone rings.'),
	answered('504, but dialled', '504-dialled', true, 'The request is answered 504 although Exotel took the call.'),
	answered('reset before the answer', 'cut-before', false, 'The connection is reset before a byte of the answer.'),
	answered('reset within the answer', 'cut-after', true, 'The connection is reset in the middle of the answer.'),
	answered('429', '429', true, 'Exotel has too many requests and says when to come back (`Retry-After: 7`).'),
	answered('200 with HTML', 'html', false, 'Somebody in between answers 200 with a page of HTML. No phone rings.'),
	{
		...reported(
			'report before the answer',
			'before-answer',
			'The end of the call is reported before the request is answered.',
		),
		async play({ host, exotel, pass, place }) {
			await place();
			// The simulator reports only the first event early, so there the call goes on.
			if (exotel.name === 'double' && host.told().length !== 1) throw new Error('The end was not told at once');
			await exotel.play(pass);
		},
	},
	{
		name: 'host killed after the request left',
		means: 'The host is killed while it waits for the answer, and started again 2 s later. Exotel took the call.',
		trouble: { answer: 'none', reports: 'usual' },
		rings: true,
		stopsHost: 'killed',
		async play({ host, exotel, pass, place }) {
			await place();
			await host.down('kill');
			await pass(2);
			await host.up();
			await exotel.play(pass);
		},
	},
	{
		name: 'host restarted while it rings',
		means: 'The host is stopped while the phone rings; the call ends, and its report reaches nobody, before it is back.',
		trouble: usual,
		rings: true,
		stopsHost: 'restarted',
		async play({ host, exotel, pass, place }) {
			await place();
			await pass(2);
			await host.down('stop');
			await exotel.play(pass);
			await host.up();
		},
	},
	reported('duplicate', 'twice', 'Every report comes twice.'),
	reported('reversed', 'reversed', 'The reports come in reverse order, the end first.'),
	reported('lost end', 'lost', 'The end of the call is never reported.'),
	reported('twenty minutes late', 'late', 'The end of the call is reported twenty minutes late.'),
	{
		name: 'foreign report',
		means: 'The end of a call of somebody else, who was busy, is reported to the address of our call.',
		trouble: usual,
		rings: true,
		async play({ exotel, pass, place }) {
			await place();
			await exotel.strangersCall(exotel.address(), pass);
			await exotel.play(pass);
		},
	},
	{
		name: 'report without attempt',
		means: 'A forged report names our call but not the attempt, and says that nobody answered; the true one follows.',
		trouble: usual,
		rings: true,
		async play(scene) {
			await scene.place();
			await scene.pass(2);
			const { exotel, host, mode } = scene;
			const told = await lie({ sid: exotel.sid() ?? '', address: exotel.address() }, mode);
			if (told.status !== 200 && host.name === 'Node-RED')
				throw new Error(`The report was answered ${told.status}`);
			await scene.pass(1);
			await scene.exotel.play(scene.pass);
		},
	},
];
