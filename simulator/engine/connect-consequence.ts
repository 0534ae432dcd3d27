/** Puts the consequence of a Connect answer into plain words, for the page. */
import type { AppletRequest } from '../model/applet-request';
import type { ConnectPlan } from '../model/connect-plan';

/**
 * Describes what follows from the answer: the branch and what the caller hears.
 * @param plan null if the answer is refused
 * @param fallsBack whether the fallback URL is requested next
 */
export function describeConsequence(request: AppletRequest, plan: ConnectPlan | null, fallsBack: boolean): void {
	request.rings = plan?.rings ?? [];
	if (!plan && fallsBack) {
		request.branch = 'the fallback URL is asked';
		request.hears = ['silence, while the fallback URL is asked'];
		return;
	}
	if (!plan) {
		request.branch = "didn't dial anyone";
		request.hears = ['the applet for "didn\'t dial anyone", or the end of the call'];
		return;
	}
	if (plan.rings.length === 0) {
		request.branch = "didn't dial anyone";
		request.hears = ['nobody is rung: the applet for "didn\'t dial anyone", or the end of the call'];
		return;
	}
	request.branch = ringingOrder(plan);
	request.hears = [musicOnHold(plan, 'music')];
	if (plan.playback?.to === 'both') request.hears.push(playbackText(plan.playback));
	request.hears.push('the first who answers');
}

/** Describes what follows from an answer that names the destinations of the one before: nobody is rung (seed 002). */
export function describeStop(request: AppletRequest | undefined): void {
	if (request === undefined) return;
	request.rings = [];
	request.branch = 'nobody answers';
	request.hears = ['nobody is rung: the same destinations twice in a row'];
}

/** What the caller hears while somebody is rung. */
export function musicOnHold({ musicOnHold: { type, value } }: ConnectPlan, customMusic: string): string {
	if (type === 'operator_tone') return "the operator's ringing tone";
	return type === 'custom_tone' ? `${customMusic} from ${value}` : "Exotel's music on hold";
}

/** The announcement at the start of the conversation. */
export function playbackText({ type, value }: NonNullable<ConnectPlan['playback']>): string {
	return type === 'text' ? `"${value}"` : `the sound ${value}`;
}

/** How the numbers are rung, in words. */
function ringingOrder({ rings, atOnce, ringSeconds }: ConnectPlan): string {
	if (rings.length === 1) return `1 number is rung, up to ${ringSeconds} s`;
	return `${rings.length} numbers are rung ${together(rings.length, atOnce)}, each up to ${ringSeconds} s`;
}

function together(count: number, atOnce: number): string {
	if (atOnce === 1) return 'one after the other';
	return atOnce < count ? `${atOnce} at once` : 'all at once';
}
