/**
 * The chaos switches: what can go wrong between Exotel and its users, on demand. All are off by default. A switch is
 * on for everything, for one account, for some numbers, or by probability – then it is decided by the seeded generator.
 */
import type { RandomStream } from '../model/random';
import { sameLine } from '../model/phone-numbers';
import { isObject } from '../model/json';
import { v2Errors } from '../wire/v2-errors';
import type { Call } from '../model/call';

/** Switches for what the API answers. */
const apiSwitches = {
	tooManyRequests: 'API: 429 with Retry-After, nothing is dialled',
	unavailable: 'API: 503, nothing is dialled',
	gatewayTimeout: 'API: 504 although a call is placed',
	forbidden: 'API: 403, account not KYC compliant',
	trialAccount: 'API: 403, a trial account calls verified numbers only',
	noCredit: 'API: 402, no credit left',
	wrongRegion: 'API: 404, the account is in another region',
	badGateway: 'API: 502 with an HTML page, nothing is dialled',
	serverError: 'API: 500, nothing is dialled',
	htmlPage: 'API: 200 with an HTML page of somebody in between, nothing is dialled',
	noAnswer: 'API: no answer ever comes although a call is placed',
	cutBefore: 'API: connection closed without an answer, nothing is dialled',
	cutAfter: 'API: connection closed without an answer although a call is placed',
} as const;

/** Switches that happen or not: `true`, or a probability from 0 to 1. */
export const eventSwitches = {
	duplicate: 'every callback is sent twice',
	reorder: 'callbacks are held until the end of the call and come in reverse order',
	early: 'the first callback comes before the make-call answer',
	drop: 'callbacks are not sent',
	missingRinging: 'ringing events are not reported',
	...apiSwitches,
} as const;

/** Switches that are a number; 0 = off. */
export const amountSwitches = {
	delaySeconds: 'callbacks come this much later (simulated seconds)',
	slowAnswerSeconds: 'API answers come this much later (simulated seconds; real ones with a manual clock)',
	retryAfterSeconds: 'Retry-After of a 429; default 30',
	v2ErrorCode: 'v2 make-call and details answer with this error code, for example 10703',
} as const;

/** Names of the switches for what the API answers. */
export type ApiSwitch = keyof typeof apiSwitches;
/** Names of the switches that happen or not. */
export type EventSwitch = keyof typeof eventSwitches;
/** Names of the switches that are a number. */
export type AmountSwitch = keyof typeof amountSwitches;
/** Any set of switches. */
export type Switches = Partial<Record<EventSwitch, boolean | number>> & Partial<Record<AmountSwitch, number>>;

/** Switches for one account and/or for calls with one number. */
export interface ChaosRule extends Switches {
	account?: string;
	number?: string;
}

/** Switches for everything, and rules that come before them. */
export interface ChaosSettings extends Switches {
	rules?: ChaosRule[];
}

/** The call or request that a switch may apply to. */
export type Subject = Pick<Call, 'accountSid'> & Partial<Pick<Call, 'from' | 'to' | 'exoPhone'>>;

const MAX_RULES = 100;
const MAX_NAME_LENGTH = 200;

/** The switches of one simulator. */
export class Chaos {
	settings: ChaosSettings = {};

	readonly #randomOf: (accountSid: string) => RandomStream;

	/** @param randomOf each account has its own generator, so that parallel tests do not change each other's results */
	constructor(randomOf: (accountSid: string) => RandomStream) {
		this.#randomOf = randomOf;
	}

	/**
	 * Replaces all switches, or those of one account; what is not named is off.
	 * @throws RangeError naming what is wrong
	 */
	set(settings: unknown, accountSid?: string): void {
		const read = readSettings(settings);
		if (accountSid === undefined) {
			this.settings = read;
			return;
		}
		const { rules = [], ...switches } = read;
		// a number's rule comes before the account's, the first that fits decides
		const own = [...rules, ...(Object.keys(switches).length > 0 ? [switches] : [])].map((rule) => ({
			...rule,
			account: accountSid,
		}));
		this.#replaceRules([...own, ...this.#rulesOfOthers(accountSid)]);
	}

	clear(accountSid?: string): void {
		if (accountSid === undefined) this.settings = {};
		else this.#replaceRules(this.#rulesOfOthers(accountSid));
	}

	#rulesOfOthers(accountSid: string): ChaosRule[] {
		return (this.settings.rules ?? []).filter((rule) => rule.account !== accountSid);
	}

	#replaceRules(rules: ChaosRule[]): void {
		if (rules.length > MAX_RULES) throw new RangeError(`there can be at most ${MAX_RULES} chaos rules`);
		const { rules: _before, ...switches } = this.settings;
		this.settings = rules.length > 0 ? { ...switches, rules } : switches;
	}

	/** Decides for this one occasion; a probability draws from the generator. */
	strikes(name: EventSwitch, subject: Subject): boolean {
		const value = this.#value(name, subject);
		return (
			value === true ||
			(typeof value === 'number' &&
				value > 0 &&
				(value >= 1 || this.#randomOf(subject.accountSid).fraction(`chaos ${name}`) < value))
		);
	}

	/** True if the switch is on at all; for switches that must not change within a call. */
	isOn(name: EventSwitch, subject: Subject): boolean {
		return Boolean(this.#value(name, subject));
	}

	amount(name: AmountSwitch, subject: Subject): number {
		return Number(this.#value(name, subject) ?? 0);
	}

	#value(name: EventSwitch | AmountSwitch, subject: Subject): boolean | number | undefined {
		const rule = this.settings.rules?.find(
			(candidate) => candidate[name] !== undefined && applies(candidate, subject),
		);
		return rule ? rule[name] : this.settings[name];
	}
}

function applies(rule: ChaosRule, subject: Subject): boolean {
	if (rule.account !== undefined && rule.account !== subject.accountSid) return false;
	if (rule.number === undefined) return true;
	const { number } = rule;
	return [subject.from, subject.to, subject.exoPhone].some(
		(candidate) => candidate !== undefined && sameLine(candidate, number),
	);
}

function readSettings(given: unknown): ChaosSettings {
	if (!isObject(given)) throw new RangeError('chaos must be a JSON object of switches');
	const { rules, ...switches } = given;
	const settings: ChaosSettings = readSwitches(switches);
	if (rules === undefined) return settings;
	if (!Array.isArray(rules) || rules.length > MAX_RULES)
		throw new RangeError(`rules must be an array of at most ${MAX_RULES} rules`);
	settings.rules = rules.map(readRule);
	return settings;
}

function readRule(given: unknown): ChaosRule {
	if (!isObject(given)) throw new RangeError('a rule must be an object');
	const { account, number, ...switches } = given;
	if (!isShortText(account)) throw new RangeError('rule.account must be an account SID');
	if (!isShortText(number)) throw new RangeError('rule.number must be a phone number');
	return {
		...readSwitches(switches),
		...(account === undefined ? {} : { account }),
		...(number === undefined ? {} : { number }),
	};
}

function isShortText(value: unknown): value is string | undefined {
	return value === undefined || (typeof value === 'string' && value.length <= MAX_NAME_LENGTH);
}

function readSwitches(given: Record<string, unknown>): Switches {
	const switches: Switches = {};
	for (const [name, value] of Object.entries(given)) {
		if (isEventSwitch(name)) switches[name] = readEventValue(name, value);
		else if (isAmountSwitch(name)) switches[name] = readAmount(name, value);
		else throw new RangeError(`there is no chaos switch ${name}`);
	}
	return switches;
}

function isEventSwitch(name: string): name is EventSwitch {
	return Object.hasOwn(eventSwitches, name);
}

function isAmountSwitch(name: string): name is AmountSwitch {
	return Object.hasOwn(amountSwitches, name);
}

function readEventValue(name: EventSwitch, value: unknown): boolean | number {
	if (typeof value === 'boolean' || (typeof value === 'number' && value >= 0 && value <= 1)) return value;
	throw new RangeError(`${name} must be true, false or a probability from 0 to 1`);
}

function readAmount(name: AmountSwitch, value: unknown): number {
	if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
		throw new RangeError(`${name} must be a number, 0 or more`);
	if (name === 'v2ErrorCode' && value !== 0 && !(value in v2Errors))
		throw new RangeError(`v2ErrorCode must be one of ${Object.keys(v2Errors).join(', ')}`);
	return value;
}
