/** Which failure of the API itself a request meets: by a chaos switch, or by the dialled number (84 to 99). */
import { outcomeOf, type ApiFailure } from '../model/outcomes';
import type { ApiSwitch, Subject } from './chaos';
import type { Simulation } from './simulation';

/** In this order: of several switches that are on, the first one counts. */
const failureBySwitch: Readonly<Record<ApiSwitch, ApiFailure>> = {
	cutBefore: 'cut-before',
	tooManyRequests: 'too-many-requests',
	unavailable: 'unavailable',
	forbidden: 'forbidden',
	trialAccount: 'trial-account',
	noCredit: 'no-credit',
	wrongRegion: 'wrong-region',
	badGateway: 'bad-gateway',
	serverError: 'server-error',
	htmlPage: 'html-page',
	noAnswer: 'no-answer',
	gatewayTimeout: 'gateway-timeout',
	cutAfter: 'cut-after',
};

const apiSwitches = Object.keys(failureBySwitch) as ApiSwitch[];

/** Switches that also hit requests that read; those about dialling do not apply there. */
const readingSwitches: readonly ApiSwitch[] = [
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
	const struck = apiSwitches.find((name) => simulation.chaos.strikes(name, subject));
	return struck === undefined ? outcomeOf(decidedBy).api : failureBySwitch[struck];
}

/** The failure of a request that reads; only chaos switches cause one. */
export function injectedReadingFailure(simulation: Simulation, accountSid: string): ApiFailure | null {
	const struck = readingSwitches.find((name) => simulation.chaos.strikes(name, { accountSid }));
	return struck === undefined ? null : failureBySwitch[struck];
}
