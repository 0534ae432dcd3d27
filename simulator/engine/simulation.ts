/**
 * The telephone exchange: everything that belongs to one running simulator – clock, accounts, calls, deliveries, flows,
 * chaos – and the news about it that the page listens to.
 */
import { EventEmitter } from 'node:events';
import { Accounts } from '../model/accounts';
import { CallLog } from './call-log';
import { Chaos } from './chaos';
import { Clock } from '../model/clock';
import { Courier } from './deliveries';
import { Outgoing } from './outgoing';
import { Flows } from '../model/flows';
import { SeededRandom } from '../model/random';
import { newCall, note, type Call, type CallStart } from '../model/call';
import type { Quirks } from '../model/quirks';
import type { Settings } from '../model/options';

/** What the page is told. */
export type News =
	| { type: 'call' | 'delivery'; sid: string; account: string }
	| { type: 'reset' | 'clock' | 'chaos' | 'flows' | 'quirks' };

/** One simulator's inside. */
export class Exchange {
	readonly clock: Clock;
	readonly accounts: Accounts;
	readonly calls: CallLog;
	readonly courier: Courier;
	readonly outgoing = new Outgoing();
	readonly chaos: Chaos;
	readonly flows = new Flows();
	readonly news = new EventEmitter();
	/** ids for requests of unknown accounts */
	private strangers: SeededRandom;
	/** answers that are being held back; one per open request */
	private readonly held = new Set<() => void>();
	private readonly firstQuirks: Quirks;
	/** origin of the running server, e.g. `http://127.0.0.1:4010` */
	url = '';

	constructor(readonly settings: Settings) {
		this.firstQuirks = { ...settings.quirks };
		this.clock = new Clock(settings.speed, settings.startTime);
		this.accounts = new Accounts(settings.accounts, settings.seed, settings.startTime);
		this.calls = new CallLog(settings.maxCalls);
		this.courier = new Courier(this);
		this.chaos = new Chaos((accountSid) => this.randomOf(accountSid));
		this.strangers = strangersOf(settings.seed);
		// one listener per open page; the number is bounded by the connections the server takes
		this.news.setMaxListeners(0);
	}

	/** Opens a call under a fresh SID. */
	open(start: Omit<CallStart, 'sid' | 'createdAt'>): Call {
		const account = this.accounts.find(start.accountSid);
		if (!account) throw new Error(`no account ${start.accountSid}`);
		const createdAt = this.clock.now();
		let sid = account.random.callSid(createdAt);
		// an account that was let go and came back draws its first values again
		while (this.calls.find(sid)) sid = account.random.callSid(createdAt);
		const call = newCall({ ...start, sid, createdAt });
		this.calls.add(call);
		note(call, 'created', null);
		this.announce('call', call);
		return call;
	}

	/**
	 * Lets simulated time pass for a call. Never resolves if the call is forgotten meanwhile.
	 * @param seconds whole or broken seconds
	 */
	async pass(call: Call, seconds: number): Promise<void> {
		call.time += seconds * 1000;
		if (!call.hurried) await this.clock.until(call.time, call.accountSid);
		if (call.dropped) await new Promise<never>(() => undefined);
	}

	/** After real waiting (an applet's answer): the call has got as far as the clock. */
	resume(call: Call): void {
		if (!call.hurried) call.time = Math.max(call.time, this.clock.now());
	}

	/** A request id of the v2 API; from the seed, like everything else. */
	requestId(accountSid: string): string {
		return this.randomOf(accountSid).hex('request');
	}

	/**
	 * Holds an answer back for simulated seconds; with a manual clock, which stands still, for real ones. A reset lets
	 * it go.
	 */
	hold(seconds: number): Promise<void> {
		return new Promise((resolve) => {
			const release = () => {
				this.held.delete(release);
				resolve();
			};
			this.held.add(release);
			if (this.clock.speed > 0) this.clock.at(this.clock.now() + seconds * 1000, release);
			else setTimeout(release, seconds * 1000).unref();
		});
	}

	private randomOf(accountSid: string): SeededRandom {
		return this.accounts.peek(accountSid)?.random ?? this.strangers;
	}

	announce(type: 'call' | 'delivery', call: Call): void {
		this.news.emit('news', { type, sid: call.sid, account: call.accountSid } satisfies News);
	}

	tell(type: 'reset' | 'clock' | 'chaos' | 'flows' | 'quirks'): void {
		this.news.emit('news', { type } satisfies News);
	}

	/** Back to the seed: one account, or everything – calls, accounts, flows, chaos, the clock's time and speed. */
	reset(accountSid?: string): void {
		this.calls.clear(accountSid);
		this.clock.clear(accountSid);
		this.accounts.reset(accountSid);
		this.flows.clear(accountSid);
		this.chaos.clear(accountSid);
		if (accountSid === undefined) {
			this.courier.counts = { sent: 0, delivered: 0, failed: 0, abandoned: 0 };
			Object.assign(this.settings.quirks, this.firstQuirks);
			this.clock.setSpeed(this.settings.speed);
			this.clock.setTime(this.settings.startTime);
			this.strangers = strangersOf(this.settings.seed);
			this.releaseHeld();
		}
		this.tell('reset');
	}

	close(): void {
		this.calls.clear();
		this.clock.close();
		this.releaseHeld();
		this.outgoing.close();
	}

	private releaseHeld(): void {
		for (const release of this.held) release();
	}
}

function strangersOf(seed: string): SeededRandom {
	return new SeededRandom(`${seed}|strangers`);
}
