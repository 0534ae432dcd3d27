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

/** Who the one call connects. Their last digits mean nothing to the simulator: both answer. */
export const PEOPLE = { from: '+919812345670', to: '+919812345680', agent: '+919953100070' };
export const EXO_PHONE = '08045680001';
export const SID = 'acme1';
/** Somebody whose call is none of ours; the first phone is busy, in the simulator because of its last digits. */
const STRANGERS = { from: '+919812345602', to: '+919812345681' };

/** Seconds after which a late report comes. */
export const LATE_SECONDS = 1200;

/** Exotel, as a cell of the table needs it. */
export interface FaultyExotel {
	readonly name: 'double' | 'simulator';
	readonly url: string;
	/** The next call meets this fault. */
	prepare(trouble: Trouble): void;
	/** True once a request came. */
	received(): boolean;
	/** The request was received; requests that follow are answered as usual. */
	afterRequest(): void;
	/** Seconds pass on Exotel's own clock. */
	advance(seconds: number): Promise<void>;
	/** Plays the call to its end and reports it as the fault says. */
	play(pass: Pass): Promise<void>;
	/** How often the phone that rang most often rang. */
	rings(): number;
	/** SID of the placed call; null when there is none. */
	sid(): string | null;
	/** The address for reports of the placed call. */
	address(): string;
	/** A stranger's call is made and ends as busy, with reports to `address`. */
	strangersCall(address: string, pass: Pass): Promise<void>;
	/** True while a request is being answered. */
	busy(): boolean;
	close(): Promise<void>;
}

/** Places a call for somebody else who gives `address` as his own. */
async function placeForStranger(url: string, address: string): Promise<string> {
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

const doubleAnswers: Readonly<Record<Answer, CallScript>> = {
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

/** The second double as Exotel. */
export async function faultyDouble(): Promise<FaultyExotel> {
	const { apiKey: key, apiToken: token } = SECRETS;
	const agents = [{ userId: 'agent-1', name: null, contactUri: PEOPLE.agent, device: 'free' as const }];
	const double = await startDouble({ sid: SID, key, token, agents });
	return new FaultyDouble(double);
}

class FaultyDouble implements FaultyExotel {
	readonly name = 'double';
	readonly #double: Double;
	#reports: Reports = 'usual';

	constructor(double: Double) {
		this.#double = double;
	}

	get url(): string {
		return this.#double.origin;
	}

	prepare({ answer, reports }: Trouble): void {
		this.#reports = reports;
		this.#double.nextCall({
			...doubleAnswers[answer],
			liveReads: 'until-told',
			...(reports === 'before-answer' && { reportsFirst: ['answered', 'terminal'] }),
		});
		// What is sent after a 429 meets no fault.
		this.#double.nextCall({ liveReads: 'until-told' });
	}

	received(): boolean {
		return this.#double.requests.some(({ method }) => method === 'POST');
	}

	afterRequest(): void {
		// The script belongs to one call.
	}

	async advance(): Promise<void> {
		// The double has no clock of its own.
	}

	async play(pass: Pass): Promise<void> {
		await pass(4);
		// After a 429 the request comes again.
		if (this.#call() === null) await pass(8);
		const call = this.#call();
		if (call === null || this.#reports === 'before-answer') return;
		const { sid } = call;
		const times = this.#reports === 'twice' ? 2 : 1;
		const tell = async (event: CallbackEvent, leg: 1 | 2 = 1): Promise<void> => {
			const asked = call.subscriptions.some((one) => one.event === event);
			if (!asked && !(event === 'terminal' && call.defaultCallback !== null)) return;
			await this.#double.report(sid, event, { leg, times });
		};
		if (this.#reports === 'reversed') {
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
		this.#double.end(sid);
		if (this.#reports === 'lost') return;
		if (this.#reports === 'late') await pass(LATE_SECONDS);
		await tell('terminal');
	}

	rings(): number {
		const ours: readonly string[] = Object.values(PEOPLE);
		return Math.max(0, ...[...this.#double.rings].map(([number, count]) => (ours.includes(number) ? count : 0)));
	}

	sid(): string | null {
		return this.#call()?.sid ?? null;
	}

	address(): string {
		const call = this.#call();
		const [first] = call?.subscriptions ?? [];
		return first?.url ?? call?.defaultCallback ?? '';
	}

	async strangersCall(address: string): Promise<void> {
		this.#double.account.scripts.unshift({ legs: [{ status: 'busy' }, { status: null }] });
		await this.#double.report(await placeForStranger(this.url, address), 'terminal');
	}

	busy(): boolean {
		return this.#double.answering();
	}

	close(): Promise<void> {
		return this.#double.close();
	}

	#call(): DoubleCall | null {
		return this.#double.calls.find(({ from, dialled }) => dialled && from !== STRANGERS.from) ?? null;
	}
}

const simulatorAnswers: Readonly<Record<Exclude<Answer, 'html' | 'none'>, ChaosSettings>> = {
	normal: {},
	'500': { serverError: true },
	'502': { badGateway: true },
	'503': { unavailable: true },
	'504-dialled': { gatewayTimeout: true },
	'cut-before': { cutBefore: true },
	'cut-after': { cutAfter: true },
	'429': { tooManyRequests: true, retryAfterSeconds: 7 },
};
const simulatorReports: Readonly<Record<Reports, ChaosSettings>> = {
	usual: {},
	'before-answer': { early: true },
	twice: { duplicate: true },
	reversed: { reorder: true },
	lost: { drop: true },
	late: { delaySeconds: LATE_SECONDS },
};

/** True when the simulator can play it: it knows no page of HTML with status 200, and always answers in the end. */
export function simulatorHas({ answer }: Trouble): boolean {
	return answer in simulatorAnswers;
}

/** The simulator as Exotel. */
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
	return new FaultySimulator(simulator);
}

class FaultySimulator implements FaultyExotel {
	readonly name = 'simulator';
	readonly #simulator: Simulator;
	#reports: Reports = 'usual';

	constructor(simulator: Simulator) {
		this.#simulator = simulator;
	}

	get url(): string {
		return this.#simulator.url;
	}

	prepare({ answer, reports }: Trouble): void {
		this.#reports = reports;
		const settings = answer === 'html' || answer === 'none' ? {} : simulatorAnswers[answer];
		this.#simulator.setChaos({ ...settings, ...simulatorReports[reports] });
	}

	received(): boolean {
		return this.#simulator.calls().length > 0;
	}

	afterRequest(): void {
		this.#simulator.setChaos(simulatorReports[this.#reports]);
	}

	advance(seconds: number): Promise<void> {
		return this.#simulator.advance(seconds);
	}

	async play(pass: Pass): Promise<void> {
		for (let step = 0; step < 12; step += 1) await pass(5);
		if (this.#reports === 'late') await pass(LATE_SECONDS);
	}

	rings(): number {
		return this.#ours().length;
	}

	sid(): string | null {
		return this.#ours()[0]?.sid ?? null;
	}

	address(): string {
		const sid = this.sid();
		const told = sid === null ? null : (this.#simulator.call(sid)?.call.statusCallback ?? null);
		if (told === null) return '';
		return Array.isArray(told) ? (told[0]?.url ?? '') : told.url;
	}

	async strangersCall(address: string, pass: Pass): Promise<void> {
		await placeForStranger(this.url, address);
		await pass(10);
	}

	busy(): boolean {
		return false;
	}

	close(): Promise<void> {
		return this.#simulator.close();
	}

	#ours() {
		const ours: readonly string[] = [PEOPLE.from, PEOPLE.agent];
		return this.#simulator.calls().filter(({ from }) => ours.includes(from));
	}
}
