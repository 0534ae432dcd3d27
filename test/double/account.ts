/** The one account the double plays, and everything a test may change while it runs. */
import type { CallScript, DoubleCall } from './calls';
import type { ReceivedRequest, Reply } from './http';
import { sameNumber, toE164 } from './numbers';

/** An agent of v2. Seed 001, "from": device must be on, verified and free. */
export interface Agent {
	/** UUID. */
	userId: string;
	/** Null where the documents print null. */
	name: string | null;
	/** E.164 or `sip:`. */
	contactUri: string;
	/** What the device is; each but `free` refuses the call with its documented error. */
	device: 'free' | 'busy' | 'unavailable' | 'unverified' | 'off' | 'missing' | 'none';
}

/** What Number Metadata says of a number, in the words of seed 004. */
export interface NumberFacts {
	circle: string;
	circleName: string;
	type: string;
	operator: string;
	operatorName: string;
	dnd: string;
}

/** A failure of the next requests of one method. */
export interface Fault {
	/** Answers with this HTTP status (and `body`, `headers`) in place of the real answer. */
	status?: number;
	body?: string;
	headers?: Record<string, string>;
	/** Resets the connection before a byte is written. */
	reset?: boolean;
	/** Answers as usual, this many milliseconds late. */
	delay?: number;
}

/** How a double is set up; everything has a default. */
export interface DoubleOptions {
	/** TCP port on 127.0.0.1; 0 takes a free one. */
	port?: number;
	/** Account sid, a word (seed 004 prints `Exotel`). */
	sid?: string;
	key?: string;
	token?: string;
	/** The account's ExoPhones, E.164. */
	exoPhones?: string[];
	agents?: Agent[];
	/** Whether Exotel switched the ringing event on (seed 000, "How to get this enabled"). On by default. */
	ringing?: boolean;
	/**
	 * NextPageUri of the last page and PrevPageUri of the first. Seed 004 leaves it open: an empty text (facts, not
	 * documented), null, or a URI whose page is empty ("when at least one record is returned in that page").
	 */
	lastPage?: 'empty' | 'null' | 'uri';
}

/** The account while the double runs. */
export interface Account {
	sid: string;
	key: string;
	token: string;
	exoPhones: string[];
	agents: Agent[];
	ringing: boolean;
	lastPage: 'empty' | 'null' | 'uri';
	/** `http://127.0.0.1:<port>`, known once the server listens. */
	origin: string;
	calls: DoubleCall[];
	scripts: CallScript[];
	/** Number in E.164 → how often Exotel dialled it for a call made through the API, busy and failed attempts as well. */
	rings: Map<string, number>;
	/** Number in E.164 → what Number Metadata says of it. */
	numbers: Map<string, NumberFacts>;
	/** Number in E.164 → name. Seed 001, "contact_name": "as stored in Address Book otherwise set as null". */
	addressBook: Map<string, string>;
	faults: Map<string, Fault[]>;
	requests: ReceivedRequest[];
	/** Requests being answered. */
	answering: number;
}

/** The account of a new double. */
export function newAccount(options: DoubleOptions): Account {
	return {
		sid: options.sid ?? 'Exotel',
		key: options.key ?? 'double-key',
		token: options.token ?? 'double-token',
		exoPhones: options.exoPhones ?? ['+918045680001', '+911130830002'],
		agents: options.agents ?? [
			{ userId: '12898c52573645739e64864ad308f0a9', name: null, contactUri: '+919953100001', device: 'free' },
		],
		ringing: options.ringing ?? true,
		lastPage: options.lastPage ?? 'empty',
		origin: '',
		calls: [],
		scripts: [],
		rings: new Map(),
		numbers: new Map(),
		addressBook: new Map(),
		faults: new Map(),
		requests: [],
		answering: 0,
	};
}

/** The account's ExoPhone that is meant, in E.164; null when it owns none such. Seed 004, "CallerId". */
export function ownedExoPhone(account: Account, text: string): string | null {
	return account.exoPhones.find((phone) => sameNumber(phone, text)) ?? null;
}

/** Takes the next script for a call to this number off the list. */
export function takeScript(account: Account, number: string): CallScript {
	const index = account.scripts.findIndex((script) => script.for === undefined || sameNumber(script.for, number));
	return index < 0 ? {} : (account.scripts.splice(index, 1)[0] ?? {});
}

/** Takes a call up and rings its phones by its script, the second leg only when the first answered. */
export function place(account: Account, call: DoubleCall): void {
	account.calls.push(call);
	if (!call.dialled) return;
	const [first, second] = call.legs;
	if (first === undefined || first.status === null) return;
	ring(account, call.from);
	if (first.status === 'completed' && call.to !== null && second !== undefined && second.status !== null)
		ring(account, call.to);
}

function ring(account: Account, number: string): void {
	const key = toE164(number);
	account.rings.set(key, (account.rings.get(key) ?? 0) + 1);
}

/** The call with this id that left a record; one that never reached Exotel left none. */
export function findCall(account: Account, sid: string): DoubleCall | undefined {
	return account.calls.find((call) => call.sid === sid && call.dialled);
}

/** Whether the phones ring although, or because, the POST is answered like this. */
export function ringsFor({ answer = 'normal', dialled }: CallScript): boolean {
	if (dialled !== undefined) return dialled;
	if (typeof answer === 'object') return answer.status < 400;
	return answer !== 'reset-before-write' && answer !== 'html';
}

/** A made call and the script that says how its POST is answered. */
export interface Made {
	reply: Reply;
	script: CallScript | null;
	/** Id of the call; null when there is none. */
	sid: string | null;
}
