/** One account: its ExoPhones, its agents and its own stream of random values. */
import { digest, type RandomStream } from './random';
import { e164, lineKey, national, sameLine } from './phone-numbers';
import type { AccountOptions, AgentSettings } from './options';

/** A virtual number of an account. */
export interface ExoPhone {
	/** Identifier in URLs; the number itself, as with ExoPhones of recent years (seed 004, bulk table). */
	sid: string;
	/** E.164. */
	number: string;
	friendlyName: string;
	voiceUrl: string;
	smsUrl: string;
	createdAt: number;
}

/** An agent as the account knows them: settings with defaults, and whether they are on a call. */
export interface Agent extends Required<Omit<AgentSettings, 'name' | 'groupId' | 'groupName'>> {
	name: string | null;
	groupId: string | null;
	groupName: string | null;
	/** SID of the call the agent is on; null = free. */
	busyWith: string | null;
}

/** Why an agent cannot be rung, as a code of seed 001; null if they can. */
export function agentObstacle(agent: Agent): number | null {
	if (!agent.device) return 10806;
	if (!agent.deviceKnown) return 10702;
	if (!agent.available) return 10703;
	if (!agent.verified) return 10705;
	if (!agent.reachable) return 1012;
	if (agent.busyWith !== null) return 10706;
	return /^sip/i.test(agent.contact) && !agent.voipAllowed ? 10712 : null;
}

/** The ExoPhones of every account without configured ones; the first is the one of all examples. */
export const defaultExoPhones: readonly string[] = ['08047112233', '08047112345', '08047115777'];

/** ExoPhones and agents that an account without configuration collects by being used. */
const MAX_ADOPTED = 200;
const MAX_STICKY_AGENTS = 1000;

/** An account of the simulator. */
export class Account {
	readonly exoPhones: ExoPhone[] = [];
	agents: Agent[] = [];
	/** Times of the make-call requests of the last minute, for the rate limit. */
	placements: number[] = [];
	/** Grows with every use of any account. */
	lastUse = 0;
	readonly #createdAt: number;
	#agentsFixed = false;
	readonly #stickyAgents = new Map<string, string>();
	/** Calls of the numbers under state management that are no agents of the account. */
	readonly #managed = new Map<string, string>();
	readonly #adoptsExoPhones: boolean;

	constructor(
		readonly sid: string,
		readonly random: RandomStream,
		createdAt: number,
		options: Partial<AccountOptions> & { adoptsExoPhones?: boolean } = {},
	) {
		this.#createdAt = createdAt;
		this.#adoptsExoPhones = options.exoPhones === undefined && options.adoptsExoPhones === true;
		for (const number of options.exoPhones ?? defaultExoPhones) this.#addExoPhone(number);
		this.setAgents(options.agents ?? []);
		this.#agentsFixed = options.agents !== undefined;
	}

	/** The account's ExoPhone of that number; as seen in the field an account adopts every number it uses. */
	exoPhone(number: string): ExoPhone | null {
		const known = this.exoPhones.find((phone) => sameLine(phone.number, number));
		if (known) return known;
		// placeholders of the documentation (`0XXXXXX4890`) stand for an ExoPhone of the reader
		if (/X/i.test(number)) return this.exoPhones[0] ?? null;
		if (!this.#adoptsExoPhones) return null;
		if (this.exoPhones.length >= MAX_ADOPTED) this.exoPhones.splice(defaultExoPhones.length, 1);
		return this.#addExoPhone(number);
	}

	/** True if the number is one of the account's ExoPhones. */
	ownsExoPhone(number: string): boolean {
		return this.exoPhones.some((phone) => sameLine(phone.number, number));
	}

	/** The agent who talked to the caller before, for `sticky_agent`. */
	stickyAgentOf(caller: string): string | null {
		return this.#stickyAgents.get(lineKey(caller)) ?? null;
	}

	/** Remembers who talked to the caller; the oldest mapping is dropped at the limit. */
	setStickyAgent(caller: string, agent: string): void {
		const key = lineKey(caller);
		this.#stickyAgents.delete(key);
		this.#stickyAgents.set(key, agent);
		const [oldest] = this.#stickyAgents.keys();
		if (this.#stickyAgents.size > MAX_STICKY_AGENTS && oldest !== undefined) this.#stickyAgents.delete(oldest);
	}

	/** Replaces the agents; from then on no other agent exists. */
	setAgents(agents: AgentSettings[]): void {
		this.agents = agents.map((agent) => this.#agentFrom(agent));
		this.#agentsFixed = true;
	}

	/** The agents as they were set; null if none were. */
	agentSettings(): AgentSettings[] | null {
		if (!this.#agentsFixed) return null;
		return this.agents.map(({ busyWith: _state, name, groupId, groupName, ...settings }) => ({
			...settings,
			name: name ?? undefined,
			groupId: groupId ?? undefined,
			groupName: groupName ?? undefined,
		}));
	}

	/** The first agent with that contact; an account without configured agents knows everyone. */
	agentByContact(contact: string): Agent | null {
		const known = this.knownAgent(contact);
		if (known || this.#agentsFixed) return known;
		if (this.agents.length >= MAX_ADOPTED) this.agents.shift();
		const agent = this.#agentFrom({ contact });
		this.agents.push(agent);
		return agent;
	}

	/** The agent with that contact who was set or has been used; nobody is adopted. */
	knownAgent(contact: string): Agent | null {
		return this.agents.find((agent) => lineKey(agent.contact) === lineKey(contact)) ?? null;
	}

	/** True if the agents were set and this is one of them: their state is always managed (seed 003). */
	hasCreated(contact: string): boolean {
		return this.#agentsFixed && this.knownAgent(contact) !== null;
	}

	/** SID of the call that keeps a number busy which is no agent of the account; null = free. */
	managedCallOf(contact: string): string | null {
		return this.#managed.get(lineKey(contact)) ?? null;
	}

	/** Keeps a number busy that is no agent; users "need not be mandatorily created" (seed 003). */
	manage(contact: string, callSid: string): void {
		this.#managed.set(lineKey(contact), callSid);
	}

	/** Frees what a call keeps busy: one number, or all of them. */
	free(callSid: string, contact?: string): void {
		for (const agent of this.agents) {
			const meant = contact === undefined || lineKey(agent.contact) === lineKey(contact);
			if (meant && agent.busyWith === callSid) agent.busyWith = null;
		}
		for (const [key, sid] of this.#managed)
			if (sid === callSid && (contact === undefined || key === lineKey(contact))) this.#managed.delete(key);
	}

	agentById(id: string): Agent | null {
		return this.agents.find((agent) => agent.id === id) ?? null;
	}

	#agentFrom(settings: AgentSettings): Agent {
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

	#addExoPhone(number: string): ExoPhone {
		const phone = {
			sid: national(number),
			number: e164(number),
			friendlyName: national(number),
			voiceUrl: '',
			smsUrl: '',
			createdAt: this.#createdAt,
		};
		this.exoPhones.push(phone);
		return phone;
	}
}
