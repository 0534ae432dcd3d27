/**
 * Everything a simulator can be told, with its defaults. The command line, the programmatic entry and the control API
 * all end here.
 */
import { readSpeed } from './clock';
import { DEFAULT_QUIRKS, readQuirks, type Quirks } from './quirks';

/**
 * - `documented` (default): documented limits are enforced; spellings the field is known to send are accepted and
 *   flagged
 * - `strict`: those spellings are refused too
 * - `lenient`: limits pass as well
 */
export type Strictness = 'documented' | 'strict' | 'lenient';

/** How an agent (v2 user) is configured; everything but one way to reach him is optional. */
export interface AgentSettings {
	/** phone number or SIP address of the agent's device */
	contact: string;
	id?: string;
	name?: string;
	email?: string;
	groupId?: string;
	groupName?: string;
	/** device switched on, default true (error 10703) */
	available?: boolean;
	/** device verified, default true (error 10705) */
	verified?: boolean;
	/** the agent has a device at all, default true (error 10806) */
	device?: boolean;
	/** the device record exists, default true (error 10702) */
	deviceKnown?: boolean;
	/** the device can be reached at the moment, default true (error 1012) */
	reachable?: boolean;
	/** SIP calls are allowed, default true (error 10712) */
	voipAllowed?: boolean;
}

/** An account that exists from the start. */
export interface AccountOptions {
	sid: string;
	key: string;
	token: string;
	/** ExoPhones of the account; when given, no other number is accepted as caller id */
	exoPhones?: string[];
	/** agents of the account; when given, no other agent exists (v2) */
	agents?: AgentSettings[];
}

/** What can be said when a simulator is started; everything has a default. */
export interface SimulatorOptions {
	/** default 4010; 0 takes any free port */
	port?: number;
	/** default 127.0.0.1 */
	host?: string;
	/** origin under which others reach the simulator (recording URLs); default: the address it listens on */
	publicUrl?: string;
	/** simulated seconds per real second, default 1; 0 = manual, moved by `advance` only */
	speed?: number;
	/** default 1 */
	seed?: number | string;
	/**
	 * where the simulated time begins (ISO 8601, Date or epoch ms); default: now. Set it for runs that repeat byte for
	 * byte
	 */
	startTime?: string | number | Date;
	/** without accounts any SID, key and token are accepted */
	accounts?: AccountOptions[];
	strictness?: Strictness;
	/** calls kept in memory, default 5000; beyond it the oldest ended calls are dropped */
	maxCalls?: number;
	/** make-call requests a minute and account before 429, default 200; 0 = no limit */
	callsPerMinute?: number;
	/** real milliseconds a status callback may take, default 15000 */
	deliveryTimeoutMs?: number;
	/** real milliseconds an applet question may take, default 5000 */
	answerTimeoutMs?: number;
	/** simulated seconds after the first attempt at which a failed delivery is repeated, default [300, 900] */
	retrySeconds?: number[];
	quirks?: Partial<Quirks>;
}

/** Options with their defaults filled in. */
export interface Settings extends Required<Omit<SimulatorOptions, 'startTime' | 'quirks' | 'seed' | 'publicUrl'>> {
	publicUrl: string | null;
	seed: string;
	startTime: number;
	quirks: Quirks;
}

/**
 * Fills in the defaults.
 * @throws RangeError if a value cannot be used; the message names it
 */
export function settingsFrom(options: SimulatorOptions): Settings {
	const port = options.port ?? 4010;
	if (!Number.isInteger(port) || port < 0 || port > 65_535)
		throw new RangeError(`port must be a whole number from 0 (any free one) to 65535, not ${options.port}`);
	const startTime = options.startTime === undefined ? Date.now() : new Date(options.startTime).getTime();
	if (Number.isNaN(startTime)) throw new RangeError(`startTime is not a time: ${String(options.startTime)}`);
	const { publicUrl } = options;
	if (publicUrl !== undefined && !(/^https?:\/\/[^/]/.test(publicUrl) && URL.canParse(publicUrl)))
		throw new RangeError(`publicUrl must look like http://simulator:4010, not ${publicUrl}`);
	const maxCalls = options.maxCalls ?? 5000;
	if (!Number.isInteger(maxCalls) || maxCalls < 1)
		throw new RangeError(`maxCalls must be a whole number from 1 on, not ${options.maxCalls}`);
	return {
		port,
		host: options.host ?? '127.0.0.1',
		publicUrl: publicUrl?.replace(/\/+$/, '') ?? null,
		speed: readSpeed(options.speed ?? 1),
		seed: String(options.seed ?? 1),
		startTime,
		accounts: options.accounts ?? [],
		strictness: options.strictness ?? 'documented',
		maxCalls,
		callsPerMinute: options.callsPerMinute ?? 200,
		deliveryTimeoutMs: options.deliveryTimeoutMs ?? 15_000,
		answerTimeoutMs: options.answerTimeoutMs ?? 5_000,
		retrySeconds: options.retrySeconds ?? [300, 900],
		quirks: { ...DEFAULT_QUIRKS, ...readQuirks(options.quirks ?? {}) },
	};
}
