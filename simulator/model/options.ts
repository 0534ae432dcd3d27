/**
 * The options of a simulator, with their defaults.
 */
import { readFlows } from './flow-reading';
import { readSpeed } from './clock';
import { DEFAULT_QUIRKS, FIELD_QUIRKS, readQuirks, type Quirks } from './quirks';
import type { Flow } from './flow';

/**
 * - `strict` (default): what the documentation does not have is refused
 * - `as-seen-in-the-field`: what `LENIENCIES` names passes
 */
export type Strictness = 'strict' | 'as-seen-in-the-field';

/** How an agent (v2 user) is configured; everything but one way to reach them is optional. */
export interface AgentSettings {
	/** Phone number or SIP address of the agent's device. */
	contact: string;
	id?: string;
	name?: string;
	email?: string;
	groupId?: string;
	groupName?: string;
	/** Device switched on, default true (error 10703). */
	available?: boolean;
	/** Device verified, default true (error 10705). */
	verified?: boolean;
	/** The agent has a device at all, default true (error 10806). */
	device?: boolean;
	/** The device record exists, default true (error 10702). */
	deviceKnown?: boolean;
	/** The device can be reached at the moment, default true (error 1012). */
	reachable?: boolean;
	/** SIP calls are allowed, default true (error 10712). */
	voipAllowed?: boolean;
}

/** An account that exists from the start. */
export interface AccountOptions {
	sid: string;
	key: string;
	token: string;
	/** ExoPhones of the account; default: the same three for every account. */
	exoPhones?: string[];
	/** Agents of the account; when given, no other agent exists (v2). */
	agents?: AgentSettings[];
}

/** A flow as docs/simulator-flows.md describes it; it is checked at the start. */
export interface FlowOptions {
	id: string;
	/** SID of the only account that has it; default: all have it. */
	account?: string | null;
	applets: readonly unknown[];
}

/** Options of a simulator; everything has a default. */
export interface SimulatorOptions {
	/** Default 4010; 0 takes any free port. */
	port?: number;
	/** Default 127.0.0.1. */
	host?: string;
	/** Origin under which others reach the simulator (recording URLs); default: the address it listens on. */
	publicUrl?: string;
	/** Simulated seconds per real second, default 1; 0 = manual, moved by `advance` only. */
	speed?: number;
	/**
	 * Pins everything that looks random: the same requests give the same SIDs and chaos, after a restart as well.
	 * Default: random.
	 */
	seed?: number | string;
	/**
	 * Where the simulated time begins (ISO 8601, Date or epoch ms); default: now. Set it for runs that repeat byte for
	 * byte
	 */
	startTime?: string | number | Date;
	/** Without accounts any SID, key and token are accepted. */
	accounts?: AccountOptions[];
	strictness?: Strictness;
	/** Calls kept in memory, default 5000; beyond it, or beyond 256 MB, the oldest ended calls are dropped. */
	maxCalls?: number;
	/** make-call requests a minute and account before 429, default 200; 0 = no limit. */
	callsPerMinute?: number;
	/** Real milliseconds a status callback may take, default 15000. */
	deliveryTimeoutMs?: number;
	/** Real milliseconds an applet request may take, default 5000. */
	answerTimeoutMs?: number;
	/** Simulated seconds after the first attempt at which a failed delivery is repeated, default [300, 900]. */
	retrySeconds?: number[];
	quirks?: Partial<Quirks>;
	/** Flows that are there from the start; each takes the place of the one in `dataFile`. Default: none. */
	flows?: readonly FlowOptions[];
	/** File in which flows, agents and calls survive a restart; default: none, everything is forgotten. */
	dataFile?: string;
}

/** Options with their defaults filled in. */
export interface Settings extends Required<
	Omit<SimulatorOptions, 'startTime' | 'quirks' | 'seed' | 'publicUrl' | 'dataFile' | 'flows'>
> {
	flows: Flow[];
	publicUrl: string | null;
	dataFile: string | null;
	seed: string | null;
	startTime: number;
	quirks: Quirks;
}

/** What is used where nothing is said. */
const defaults = {
	port: 4010,
	host: '127.0.0.1',
	speed: 1,
	strictness: 'strict',
	maxCalls: 5000,
	callsPerMinute: 200,
	deliveryTimeoutMs: 15_000,
	answerTimeoutMs: 5_000,
} as const;
const defaultRetrySeconds: readonly number[] = [300, 900];

/**
 * Fills in the defaults.
 * @throws RangeError if a value cannot be used; the message names it
 */
export function settingsFrom(options: SimulatorOptions): Settings {
	const given = { ...defaults, ...withoutUndefined(options) };
	const strictness = readStrictness(given.strictness);
	return {
		...given,
		port: readPort(given.port),
		strictness,
		publicUrl: readPublicUrl(options.publicUrl),
		speed: readSpeed(given.speed),
		flows: readFlows({ flows: options.flows ?? [] }),
		dataFile: options.dataFile ?? null,
		seed: options.seed === undefined ? null : String(options.seed),
		startTime: readStartTime(options.startTime),
		accounts: given.accounts ?? [],
		maxCalls: readMaxCalls(given.maxCalls),
		retrySeconds: given.retrySeconds ?? [...defaultRetrySeconds],
		quirks: {
			...DEFAULT_QUIRKS,
			...(strictness === 'as-seen-in-the-field' ? FIELD_QUIRKS : {}),
			...readQuirks(options.quirks ?? {}),
		},
	};
}

function withoutUndefined(options: SimulatorOptions): SimulatorOptions {
	return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function readPort(port: number): number {
	if (!Number.isInteger(port) || port < 0 || port > 65_535)
		throw new RangeError(`port must be a whole number from 0 (any free one) to 65535, not ${port}`);
	return port;
}

function readStrictness(given: string): Strictness {
	if (given === 'strict' || given === 'as-seen-in-the-field') return given;
	throw new RangeError(`strictness must be strict or as-seen-in-the-field, not ${given}`);
}

function readStartTime(given: SimulatorOptions['startTime']): number {
	const time = given === undefined ? Date.now() : new Date(given).getTime();
	if (Number.isNaN(time)) throw new RangeError(`startTime is not a time: ${String(given)}`);
	return time;
}

function readPublicUrl(given: string | undefined): string | null {
	if (given === undefined) return null;
	if (!/^https?:\/\/[^/]/.test(given) || !URL.canParse(given))
		throw new RangeError(`publicUrl must look like http://simulator:4010, not ${given}`);
	let end = given.length;
	while (given[end - 1] === '/') end -= 1;
	return given.slice(0, end);
}

function readMaxCalls(given: number): number {
	if (!Number.isInteger(given) || given < 1)
		throw new RangeError(`maxCalls must be a whole number from 1 on, not ${given}`);
	return given;
}
