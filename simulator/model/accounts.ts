/**
 * Accounts: who may ask, which ExoPhones and agents exist. Everything a request can see belongs to exactly one account
 * SID; two accounts never see each other's calls.
 */
import { SeededRandom, digest } from './random';
import { e164, lineKey, national, sameLine } from './phone-numbers';
import type { AccountOptions, AgentSettings } from './options';

/** A virtual number of an account. */
export interface ExoPhone {
	/** identifier in URLs; the number itself, as with ExoPhones of recent years (seed 004, bulk table) */
	sid: string;
	/** E.164 */
	number: string;
	friendlyName: string;
	voiceUrl: string;
	smsUrl: string;
	createdAt: number;
}

/** An agent as the account knows him: settings with defaults, and whether he is on a call. */
export interface Agent extends Required<Omit<AgentSettings, 'name' | 'groupId' | 'groupName'>> {
	name: string | null;
	groupId: string | null;
	groupName: string | null;
	/** SID of the call the agent is on; null = free */
	busyWith: string | null;
}

/** Why an agent cannot be rung, as a code of seed 001; null if he can. */
export function agentObstacle(agent: Agent): number | null {
	if (!agent.device) return 10806;
	if (!agent.deviceKnown) return 10702;
	if (!agent.available) return 10703;
	if (!agent.verified) return 10705;
	if (!agent.reachable) return 1012;
	if (agent.busyWith !== null) return 10706;
	return /^sip/i.test(agent.contact) && !agent.voipAllowed ? 10712 : null;
}

/** ExoPhones and agents an account without configuration may collect by being used. */
const ADOPTED_LIMIT = 200;

/** One account: its ExoPhones, its agents, its own stream of seeded values. */
export class Account {
	readonly random: SeededRandom;
	readonly exoPhones: ExoPhone[] = [];
	agents: Agent[] = [];
	/** times of the make-call requests of the last minute, for the rate limit */
	placements: number[] = [];
	/** grows with every use of any account */
	lastUse = 0;
	private agentsFixed: boolean;
	private readonly exoPhonesFixed: boolean;

	constructor(
		readonly sid: string,
		seed: string,
		private readonly createdAt: number,
		options: Partial<AccountOptions> = {},
	) {
		this.random = new SeededRandom(`${seed}|${sid}`);
		this.exoPhonesFixed = options.exoPhones !== undefined;
		for (const number of options.exoPhones ?? ['08047115777', '01130831234']) this.addExoPhone(number);
		this.agentsFixed = options.agents !== undefined;
		this.setAgents(options.agents ?? []);
		this.agentsFixed = options.agents !== undefined;
	}

	/** The ExoPhone of that number; an account without configured ExoPhones owns every number it uses. */
	exoPhone(number: string): ExoPhone | null {
		const known = this.exoPhones.find((phone) => sameLine(phone.number, number));
		if (known || this.exoPhonesFixed) return known ?? null;
		if (this.exoPhones.length >= ADOPTED_LIMIT) this.exoPhones.splice(2, 1);
		return this.addExoPhone(number);
	}

	/** Replaces the agents; from then on no other agent exists. */
	setAgents(agents: AgentSettings[]): void {
		this.agents = agents.map((agent) => this.agentFrom(agent));
		this.agentsFixed = true;
	}

	/** The first agent with that contact; an account without configured agents knows everyone. */
	agentByContact(contact: string): Agent | null {
		const known = this.agents.find((agent) => lineKey(agent.contact) === lineKey(contact));
		if (known || this.agentsFixed) return known ?? null;
		if (this.agents.length >= ADOPTED_LIMIT) this.agents.shift();
		const agent = this.agentFrom({ contact });
		this.agents.push(agent);
		return agent;
	}

	agentById(id: string): Agent | null {
		return this.agents.find((agent) => agent.id === id) ?? null;
	}

	private agentFrom(settings: AgentSettings): Agent {
		const id = settings.id ?? digest(`agent|${this.sid}|${lineKey(settings.contact)}`).slice(0, 32);
		return {
			contact: e164(settings.contact),
			id,
			name: settings.name ?? null,
			email: settings.email ?? `agent.${id.slice(0, 6)}@example.com`,
			groupId: settings.groupId ?? null,
			groupName: settings.groupName ?? null,
			available: settings.available ?? true,
			verified: settings.verified ?? true,
			device: settings.device ?? true,
			deviceKnown: settings.deviceKnown ?? true,
			reachable: settings.reachable ?? true,
			voipAllowed: settings.voipAllowed ?? true,
			busyWith: null,
		};
	}

	private addExoPhone(number: string): ExoPhone {
		const phone = {
			sid: national(number),
			number: e164(number),
			friendlyName: national(number),
			voiceUrl: '',
			smsUrl: '',
			createdAt: this.createdAt,
		};
		this.exoPhones.push(phone);
		return phone;
	}
}

/** Accounts that may appear without being configured. */
const ACCOUNT_LIMIT = 500;

/** All accounts of a simulator. */
export class Accounts {
	private readonly known = new Map<string, Account>();
	private uses = 0;

	constructor(
		private readonly configured: AccountOptions[],
		private readonly seed: string,
		private readonly startTime: number,
	) {
		this.reset();
	}

	/** True if only the configured accounts exist. */
	get closed(): boolean {
		return this.configured.length > 0;
	}

	reset(sid?: string): void {
		if (sid === undefined) this.known.clear();
		else this.known.delete(sid);
		for (const options of this.configured) {
			if (sid === undefined || sid === options.sid)
				this.known.set(options.sid, new Account(options.sid, this.seed, this.startTime, options));
		}
	}

	/** The account if it exists already. */
	peek(sid: string): Account | null {
		return this.known.get(sid) ?? null;
	}

	/** The account; with an open simulator it comes into being by being named. Null if there is no such account. */
	find(sid: string): Account | null {
		const known = this.known.get(sid);
		if (known) {
			known.lastUse = ++this.uses;
			return known;
		}
		if (this.closed || !/^[\w.-]{1,64}$/.test(sid)) return null;
		if (this.known.size >= ACCOUNT_LIMIT) this.forgetOldest();
		const account = new Account(sid, this.seed, this.startTime);
		account.lastUse = ++this.uses;
		this.known.set(sid, account);
		return account;
	}

	/** Lets the account go that nobody has named for longest. */
	private forgetOldest(): void {
		const oldest = this.list().reduce((one, other) => (other.lastUse < one.lastUse ? other : one));
		this.known.delete(oldest.sid);
	}

	list(): Account[] {
		return [...this.known.values()];
	}

	/**
	 * Checks HTTP Basic credentials (user = key, password = token; seeds 001 and 004).
	 * @returns whether they are good for some account, and for this one
	 */
	admits(authorization: string | undefined, sid: string): 'yes' | 'no' | 'other-account' {
		const match = /^Basic\s+([A-Za-z0-9+/=_-]+)\s*$/i.exec(authorization ?? '');
		if (!match) return 'no';
		const [key, ...rest] = Buffer.from(match[1], 'base64').toString('utf8').split(':');
		const token = rest.join(':');
		if (!key || !token) return 'no';
		if (!this.closed) return 'yes';
		const owned = this.configured.filter((account) => account.key === key && account.token === token);
		if (owned.length === 0) return 'no';
		return owned.some((account) => account.sid === sid) ? 'yes' : 'other-account';
	}
}
