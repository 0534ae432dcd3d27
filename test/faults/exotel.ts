/**
 * Exotel with a fault: the second double and the simulator behind one interface. Each places one call, tells of it the
 * way the fault wants, and says afterwards how often each phone rang.
 */
import { startSimulator, type ChaosSettings, type Simulator } from '../../simulator/index';
import { startDouble, type CallbackEvent, type CallScript, type Double, type DoubleCall } from '../double/index';
import { send } from '../double/http';
import { SECRETS, START } from '../recorded/stage';

/** How the request that places the call is answered. */
export type Answer =
	'normal' | 'none' | '500' | '502' | '503' | '504-dialled' | 'cut-before' | 'cut-after' | '429' | 'html';

/** How the call is reported. */
export type Reports = 'usual' | 'before-answer' | 'twice' | 'reversed' | 'lost' | 'late';

/** What goes wrong at Exotel. */
export interface Trouble {
	answer: Answer;
	reports: Reports;
}

/** Lets time pass for Exotel and the host alike, in seconds. */
export type Pass = (seconds: number) => Promise<void>;

/** Whose phones a call rings, E.164: two numbers, or the agent and the second number. */
export interface People {
	from: string;
	to: string;
	agent: string;
}

/** Who the one call connects. Their last digits mean nothing to the simulator: both answer. */
export const PEOPLE: People = { from: '+919812345670', to: '+919812345680', agent: '+919953100070' };
export const EXO_PHONE = '08045680001';
export const SID = 'acme1';
/** Somebody whose call is none of ours; the first phone is busy, in the simulator because of its last digits. */
const STRANGERS = { from: '+919812345602', to: '+919812345681' };

/** Seconds after which a late report comes. */
export const LATE_SECONDS = 1200;

/** A call as Exotel has it. */
interface ExotelsCall {
	sid: string;
	/** The first phone. */
	from: string;
	/** The address for its reports; blank when it has none. */
	address: string;
	/** When the report of its end was answered 200, milliseconds since 1970; null when none was, or it is not known. */
	reportedAt: number | null;
}

/** What differs between the double and the simulator. */
interface Line {
	readonly name: 'double' | 'simulator';
	readonly url: string;
	/** Exotel reports the end again when its report was not answered 200. */
	readonly repeatsReports: boolean;
	prepare(trouble: Trouble): void;
	/** True once a request came. */
	received(): boolean;
	/** Requests that follow are answered as usual. */
	afterRequest(reports: Reports): void;
	/** Seconds pass on Exotel's own clock. */
	advance(seconds: number): Promise<void>;
	/** Plays our call to its end and reports it. */
	play(reports: Reports, pass: Pass, our: () => ExotelsCall | null): Promise<void>;
	/** Every call whose phones rang, oldest first. */
	calls(): ExotelsCall[];
	/** How often this phone rang. */
	rings(number: string): number;
	/** The next call ends at once, because its first phone is busy. */
	nextIsBusy(): void;
	/** Reports the end of our call; the HTTP status, 0 without an answer. */
	reportEnd(sid: string): Promise<number>;
	/** Reports the end of that call. */
	reportBusy(sid: string, pass: Pass): Promise<void>;
	/** True while a request is being answered. */
	busy(): boolean;
	close(): Promise<void>;
}

/** Exotel, as a cell of the table needs it. */
export class FaultyExotel {
	readonly name: Line['name'];
	readonly repeatsReports: boolean;
	readonly #line: Line;
	readonly #people: People;
	#reports: Reports = 'usual';

	constructor(line: Line, people = PEOPLE) {
		this.#line = line;
		this.#people = people;
		this.name = line.name;
		this.repeatsReports = line.repeatsReports;
	}

	get url(): string {
		return this.#line.url;
	}

	/** The next call meets this fault. */
	prepare(trouble: Trouble): void {
		this.#reports = trouble.reports;
		this.#line.prepare(trouble);
	}

	received(): boolean {
		return this.#line.received();
	}

	afterRequest(): void {
		this.#line.afterRequest(this.#reports);
	}

	advance(seconds: number): Promise<void> {
		return this.#line.advance(seconds);
	}

	/** Plays the call to its end and reports it as the fault says. */
	play(pass: Pass): Promise<void> {
		return this.#line.play(this.#reports, pass, () => this.#ours());
	}

	/** How often the phone that rang most often rang. */
	rings(): number {
		return Math.max(...Object.values(this.#people).map((number) => this.#line.rings(number)));
	}

	/** SID of the placed call; null when there is none. */
	sid(): string | null {
		return this.#ours()?.sid ?? null;
	}

	/** The address for reports of the placed call. */
	address(): string {
		return this.#ours()?.address ?? '';
	}

	/** When the report of its end was answered 200, milliseconds since 1970; null when none was, or it is not known. */
	reportedAt(): number | null {
		return this.#ours()?.reportedAt ?? null;
	}

	/** A stranger's call is made and ends as busy, with reports to `address`. */
	async strangersCall(address: string, pass: Pass): Promise<void> {
		this.#line.nextIsBusy();
		await this.#line.reportBusy(await placeForStranger(this.url, address), pass);
	}

	/** Reports the end of our call once more; the HTTP status, 0 without an answer. */
	reportEnd(): Promise<number> {
		return this.#line.reportEnd(this.sid() ?? '');
	}

	busy(): boolean {
		return this.#line.busy();
	}

	close(): Promise<void> {
		return this.#line.close();
	}

	#ours(): ExotelsCall | null {
		return this.#line.calls().find(({ from }) => from !== STRANGERS.from) ?? null;
	}
}

/** Places a call for somebody else who gives `address` as his own. */
export async function placeForStranger(url: string, address: string): Promise<string> {
	const body = new URLSearchParams({
		From: STRANGERS.from,
		To: STRANGERS.to,
		CallerId: EXO_PHONE,
		StatusCallback: address,
		'StatusCallbackEvents[0]': 'terminal',
	});
	const authorization = Buffer.from(`${SECRETS.apiKey}:${SECRETS.apiToken}`).toString('base64');
	const response = await send(`${url}/v1/Accounts/${SID}/Calls/connect.json`, {
		method: 'POST',
		headers: { Authorization: `Basic ${authorization}`, 'Content-Type': 'application/x-www-form-urlencoded' },
		body: body.toString(),
		timeoutMs: 20_000,
	});
	if (response.status !== 200) throw new Error(`The stranger's call was answered ${response.status}`);
	return (JSON.parse(response.body) as { Call: { Sid: string } }).Call.Sid;
}

const html = { 'Content-Type': 'text/html' };
const page = '<html><body><h1>Please sign in to this network</h1></body></html>';

/** How the double answers the request. */
export const doubleAnswers: Readonly<Record<Answer, CallScript>> = {
	normal: {},
	none: { answer: 'timeout' },
	'500': { answer: { status: 500, body: '{}' }, dialled: false },
	'502': { answer: 'html' },
	'503': { answer: { status: 503, body: '{}' }, dialled: false },
	'504-dialled': { answer: { status: 504, body: '{}' }, dialled: true },
	'cut-before': { answer: 'reset-before-write' },
	'cut-after': { answer: 'reset-after-write' },
	'429': { answer: { status: 429, body: '{}', headers: { 'Retry-After': '7' } }, dialled: false },
	html: { answer: { status: 200, body: page, headers: html }, dialled: false },
};

/** The second double of the account that all cells use. */
export function openDouble(): Promise<Double> {
	const { apiKey: key, apiToken: token } = SECRETS;
	const agents = [{ userId: 'agent-1', name: null, contactUri: PEOPLE.agent, device: 'free' as const }];
	return startDouble({ sid: SID, key, token, agents });
}

/** True when the call asked for reports of this event. */
export function isAskedFor({ subscriptions, defaultCallback }: DoubleCall, event: CallbackEvent): boolean {
	return subscriptions.some((one) => one.event === event) || (event === 'terminal' && defaultCallback !== null);
}

/** The second double as Exotel: it has no clock of its own, and reports when it is told to. */
export async function faultyDouble(): Promise<FaultyExotel> {
	const double = await openDouble();
	return callOnDouble(double, PEOPLE, () => double.close());
}

/** One call on a double that may have others; `close` is what closing it does. */
export function callOnDouble(double: Double, people: People, close: () => Promise<void>): FaultyExotel {
	const whole = (sid: string): DoubleCall | undefined => double.calls.find((call) => call.sid === sid);
	const line: Line = {
		name: 'double',
		url: double.origin,
		repeatsReports: false,
		prepare({ answer, reports }) {
			// A script is found by the second number, where there is one.
			for (const phone of [people.from, people.to]) {
				double.nextCall({
					for: phone,
					...doubleAnswers[answer],
					liveReads: 'until-told',
					...(reports === 'before-answer' && { reportsFirst: ['answered', 'terminal'] }),
				});
				// What is sent after a 429 meets no fault.
				double.nextCall({ for: phone, liveReads: 'until-told' });
			}
		},
		received: () => double.calls.some((call) => connects(call, people)),
		// The script belongs to one call.
		afterRequest: () => undefined,
		advance: () => Promise.resolve(),
		async play(reports, pass, our) {
			await pass(4);
			// After a 429 the request comes again.
			if (our() === null) await pass(8);
			const call = whole(our()?.sid ?? '');
			if (call !== undefined && reports !== 'before-answer') await playOnDouble(double, call, reports, pass);
		},
		calls: () => double.calls.flatMap((call) => (call.dialled && connects(call, people) ? [asExotels(call)] : [])),
		rings: (number) => double.rings.get(number) ?? 0,
		nextIsBusy: () =>
			double.account.scripts.unshift({ for: STRANGERS.to, legs: [{ status: 'busy' }, { status: null }] }),
		reportEnd: (sid) => double.report(sid, 'terminal').then(({ status }) => status),
		reportBusy: (sid) => double.report(sid, 'terminal').then(() => undefined),
		busy: () => double.answering(),
		close,
	};
	return new FaultyExotel(line, people);
}

/** True when the call is the one of these people. */
export function connects(call: DoubleCall, { from, agent }: People): boolean {
	return call.from === from || call.from === agent;
}

function asExotels(call: DoubleCall): ExotelsCall {
	const { sid, from, subscriptions, defaultCallback } = call;
	return { sid, from, address: subscriptions[0]?.url ?? defaultCallback ?? '', reportedAt: endReportedAt(call) };
}

/** When the first report of the end was answered 200, milliseconds since 1970; null when none was. */
export function endReportedAt({ reported }: DoubleCall): number | null {
	return reported.find(({ event, status }) => event === 'terminal' && status === 200)?.at ?? null;
}

/** Both sides answer and talk for ten seconds. */
async function playOnDouble(double: Double, call: DoubleCall, reports: Reports, pass: Pass): Promise<void> {
	const times = reports === 'twice' ? 2 : 1;
	const tell = async (event: CallbackEvent, leg: 1 | 2 = 1): Promise<void> => {
		if (isAskedFor(call, event)) await double.report(call.sid, event, { leg, times });
	};
	if (reports === 'reversed') {
		await pass(13);
		await tell('terminal');
		await tell('answered', 2);
		await tell('answered', 1);
		return;
	}
	await tell('answered', 1);
	await pass(3);
	await tell('answered', 2);
	await pass(10);
	double.end(call.sid);
	if (reports === 'lost') return;
	if (reports === 'late') await pass(LATE_SECONDS);
	await tell('terminal');
}

const simulatorAnswers: Readonly<Record<Answer, ChaosSettings>> = {
	normal: {},
	none: { noAnswer: true },
	'500': { serverError: true },
	'502': { badGateway: true },
	'503': { unavailable: true },
	'504-dialled': { gatewayTimeout: true },
	'cut-before': { cutBefore: true },
	'cut-after': { cutAfter: true },
	'429': { tooManyRequests: true, retryAfterSeconds: 7 },
	html: { htmlPage: true },
};
const simulatorReports: Readonly<Record<Reports, ChaosSettings>> = {
	usual: {},
	'before-answer': { early: true },
	twice: { duplicate: true },
	reversed: { reorder: true },
	lost: { drop: true },
	late: { delaySeconds: LATE_SECONDS },
};

/** The simulator as Exotel: its calls run by its own clock. */
export async function faultySimulator(): Promise<FaultyExotel> {
	const { apiKey: key, apiToken: token } = SECRETS;
	const simulator = await startSimulator({
		port: 0,
		speed: 0,
		seed: 12,
		startTime: START,
		callsPerMinute: 0,
		accounts: [{ sid: SID, key, token, exoPhones: [EXO_PHONE], agents: [{ contact: PEOPLE.agent }] }],
	});
	return new FaultyExotel({
		name: 'simulator',
		url: simulator.url,
		repeatsReports: true,
		prepare: ({ answer, reports }) =>
			simulator.setChaos({ ...simulatorAnswers[answer], ...simulatorReports[reports] }),
		received: () => simulator.calls().length > 0,
		afterRequest: (reports) => simulator.setChaos(simulatorReports[reports]),
		advance: (seconds) => simulator.advance(seconds),
		async play(reports, pass) {
			for (let step = 0; step < 12; step += 1) await pass(5);
			if (reports === 'late') await pass(LATE_SECONDS);
		},
		calls: () =>
			simulator.calls().map(({ sid, from }) => ({
				sid,
				from,
				address: addressOnSimulator(simulator, sid),
				// Its clock is another one.
				reportedAt: null,
			})),
		rings: (number) => simulator.calls().filter(({ from }) => from === number).length,
		// The digits of the first phone say so.
		nextIsBusy: () => undefined,
		reportEnd: () => Promise.reject(new Error('The simulator reports by itself')),
		reportBusy: (_sid, pass) => pass(10),
		busy: () => false,
		close: () => simulator.close(),
	});
}

function addressOnSimulator(simulator: Simulator, sid: string): string {
	const told = simulator.call(sid)?.call.statusCallback ?? null;
	const first = Array.isArray(told) ? told[0] : told;
	return first?.url ?? '';
}
