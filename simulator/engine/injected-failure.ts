/** Which failure of the API itself a request meets: by a chaos switch, or by the dialled number (84 to 99). */
import { outcomeOf, type ApiFailure } from '../model/outcomes';
import type { EventSwitch, Subject } from './chaos';
import type { Simulation } from './simulation';

const failureBySwitch: readonly [EventSwitch, ApiFailure][] = [
	['cutBefore', 'cut-before'],
	['tooManyRequests', 'too-many-requests'],
	['unavailable', 'unavailable'],
	['forbidden', 'forbidden'],
	['trialAccount', 'trial-account'],
	['noCredit', 'no-credit'],
	['wrongRegion', 'wrong-region'],
	['badGateway', 'bad-gateway'],
	['serverError', 'server-error'],
	['htmlPage', 'html-page'],
	['noAnswer', 'no-answer'],
	['gatewayTimeout', 'gateway-timeout'],
	['cutAfter', 'cut-after'],
];

/** Switches that also hit requests that read; those about dialling do not apply there. */
const readingSwitches: readonly EventSwitch[] = [
	'cutBefore',
	'tooManyRequests',
	'unavailable',
	'wrongRegion',
	'badGateway',
	'serverError',
	'htmlPage',
];

/**
 * @param decidedBy the number whose digits decide: `To`, or `From` for a flow
 * @returns null if the request is simply served
 */
export function injectedFailure(simulation: Simulation, subject: Subject, decidedBy: string): ApiFailure | null {
	const struck = failureBySwitch.find(([name]) => simulation.chaos.strikes(name, subject));
	return struck?.[1] ?? outcomeOf(decidedBy).api;
}

/** The failure of a request that reads; only chaos switches cause one. */
export function injectedReadingFailure(simulation: Simulation, accountSid: string): ApiFailure | null {
	const struck = readingSwitches.find((name) => simulation.chaos.strikes(name, { accountSid }));
	return failureBySwitch.find(([name]) => name === struck)?.[1] ?? null;
}
