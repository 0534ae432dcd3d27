/**
 * Everything that belongs to one running simulator – clock, accounts, calls, deliveries, flows, chaos – and the updates
 * about it that the page subscribes to.
 */
import { EventEmitter } from 'node:events';
import { Accounts } from '../model/accounts';
import { CallLog } from './call-log';
import { Chaos } from './chaos';
import { Clock } from '../model/clock';
import { Deliveries } from './deliveries';
import { Flows } from '../model/flows';
import { isOwnPath, Outgoing } from './outgoing';
import { RandomStream } from '../model/random';
import type { Call } from '../model/call';
import type { Quirks } from '../model/quirks';
import type { Settings } from '../model/options';
import type { WireContext } from '../wire/context';

/** What can change besides calls. */
export type GeneralUpdate = 'reset' | 'clock' | 'chaos' | 'flows' | 'quirks' | 'agents';

/** What changed, for the page. */
export type Update = { type: 'call' | 'delivery'; sid: string; account: string } | { type: GeneralUpdate };

/** The state of one simulator. */
export class Simulation {
	readonly clock: Clock;
	readonly accounts: Accounts;
	readonly calls: CallLog;
	readonly deliveries: Deliveries;
	readonly outgoing = new Outgoing((url) => this.#isOwn(url));
	readonly chaos: Chaos;
	readonly flows = new Flows();
	readonly updates = new EventEmitter();
	/** Origin of the running server, e.g. `http://127.0.0.1:4010`. */
	url = '';
	/** Ids for requests of unknown accounts. */
	readonly #unknownAccountRandom: RandomStream;
	/** Answers that are being held back; one per open request. */
	readonly #held = new Set<() => void>();
	readonly #initialQuirks: Quirks;

	constructor(readonly settings: Settings) {
		this.#initialQuirks = { ...settings.quirks };
		this.clock = new Clock(settings.speed, settings.startTime);
		this.accounts = new Accounts(settings);
		this.calls = new CallLog(settings.maxCalls);
		this.deliveries = new Deliveries(this);
		this.chaos = new Chaos((accountSid) => this.#randomOf(accountSid));
		this.#unknownAccountRandom = new RandomStream(settings.seed === null ? null : `${settings.seed}|unknown`);
		// one listener per open page; the number is bounded by the connections the server takes
		this.updates.setMaxListeners(0);
	}

	/** What records and messages written now depend on. */
	get wire(): WireContext {
		const { quirks, strictness } = this.settings;
		return { quirks, lenient: strictness === 'as-seen-in-the-field', baseUrl: this.url, now: this.clock.now() };
	}

	/** A request id of the v2 API. */
	requestId(accountSid: string): string {
		return this.#randomOf(accountSid).hex('request');
	}

	/**
	 * Holds an answer back for simulated seconds; with a manual clock, which stands still, for real ones. A reset
	 * releases it.
	 */
	hold(seconds: number): Promise<void> {
		return new Promise((resolve) => {
			const release = () => {
				this.#held.delete(release);
				resolve();
			};
			this.#held.add(release);
			if (this.clock.speed > 0) this.clock.at(this.clock.now() + seconds * 1000, release);
			else setTimeout(release, seconds * 1000).unref();
		});
	}

	/** Publishes that a call or one of its deliveries changed. */
	announce(type: 'call' | 'delivery', call: Call): void {
		this.calls.changed(call);
		this.updates.emit('update', { type, sid: call.sid, account: call.accountSid } satisfies Update);
	}

	/** Publishes that something else changed. */
	publish(type: GeneralUpdate): void {
		this.updates.emit('update', { type } satisfies Update);
	}

	/**
	 * Forgets calls, flows, agents and chaos of one account, or everything and the quirks. The clock and the SIDs go
	 * on, so that whoever remembers calls by SID is not confused.
	 * @param keepsFlows the flows stay, as for somebody who drew them by hand
	 */
	reset(accountSid?: string, keepsFlows = false): void {
		this.calls.clear(accountSid);
		this.clock.clear(accountSid);
		this.accounts.reset(accountSid);
		if (!keepsFlows) this.flows.clear(accountSid);
		this.chaos.clear(accountSid);
		if (accountSid === undefined) {
			this.deliveries.resetCounts();
			Object.assign(this.settings.quirks, this.#initialQuirks);
			this.#releaseHeld();
		}
		this.publish('reset');
	}

	close(): void {
		this.calls.clear();
		this.clock.close();
		this.#releaseHeld();
		this.outgoing.close();
	}

	/** Another program of the same public host may be meant, so the path counts as well. */
	#isOwn(url: URL): boolean {
		return URL.canParse(this.url) && url.origin === new URL(this.url).origin && isOwnPath(url.pathname);
	}

	#randomOf(accountSid: string): RandomStream {
		return this.accounts.peek(accountSid)?.random ?? this.#unknownAccountRandom;
	}

	#releaseHeld(): void {
		for (const release of this.#held) release();
	}
}
