/**
 * The Connect applet: asks whom to ring, falls back to the second URL where the first is unusable (seeds 002, 003),
 * rings, and asks again after an unsuccessful attempt if the answer says so – but not when it gets the same numbers
 * twice.
 */
import { ask } from './request-applet';
import { checkConnectAnswer, type ConnectPlan } from '../wire/connect-answer';
import { dial, type DialResult } from './dial';
import { hears, note } from '../model/call';
import { lineKey } from '../model/phone-numbers';
import type { Applet, ConnectApplet } from '../model/flows';
import type { AppletQuestion } from '../model/applet-request';
import type { Exchange } from './simulation';
import type { FlowRun } from '../model/flow-run';

/** Questions one Connect applet asks at most; the real limit is not known. */
const FETCH_LIMIT = 20;

/** @returns the branch to go on with, or null for the next applet in order */
export async function runConnect(exchange: Exchange, run: FlowRun, applet: ConnectApplet): Promise<Applet[] | null> {
	const { call } = run;
	note(call, 'connect', null, applet.url);
	if (applet.version === '1.1') call.ccm = true;
	let result: DialResult = 'nobody-dialled';
	let before: string | null = null;
	for (let fetched = 0; fetched < FETCH_LIMIT; fetched++) {
		const plan = await fetchPlan(exchange, run, applet);
		if (!plan) break;
		const destinations = plan.rings.map(lineKey).sort().join(',');
		if (destinations === before) {
			note(call, 'fetch-stopped', null, 'the same destinations twice in a row');
			break;
		}
		before = destinations;
		const attempt = await dial(exchange, run, plan, applet.version);
		// a later empty answer does not undo that somebody was rung
		if (attempt !== 'nobody-dialled' || result === 'nobody-dialled') result = attempt;
		if (
			attempt === 'talked' ||
			attempt === 'caller-gone' ||
			!plan.fetchAfterAttempt ||
			attempt === 'nobody-dialled'
		)
			break;
	}
	return transition(run, applet, result);
}

function transition(run: FlowRun, applet: ConnectApplet, result: DialResult): Applet[] | null {
	const { call } = run;
	if (result === 'talked') {
		run.callType = 'completed';
		note(call, 'conversation-ends', null);
		return applet.afterConversation ?? null;
	}
	if (result === 'nobody-dialled') {
		run.callType = 'incomplete';
		note(call, 'did-not-dial', null);
		hears(call, 'nobody was rung; the flow goes on');
		return applet.didNotDial ?? applet.nobodyAnswers ?? null;
	}
	run.callType = result === 'caller-gone' ? 'client-hangup' : 'incomplete';
	note(call, 'nobody-answers', null);
	if (result === 'nobody-answered') hears(call, 'nobody answers; the flow goes on');
	return applet.nobodyAnswers ?? null;
}

async function fetchPlan(exchange: Exchange, run: FlowRun, applet: ConnectApplet): Promise<ConnectPlan | null> {
	const primary = await askOne(exchange, run, applet, applet.url, 'primary');
	if (primary || !applet.fallbackUrl) return primary;
	note(run.call, 'fallback', null, applet.fallbackUrl);
	return askOne(exchange, run, applet, applet.fallbackUrl, 'fallback');
}

async function askOne(
	exchange: Exchange,
	run: FlowRun,
	applet: ConnectApplet,
	url: string,
	source: 'primary' | 'fallback',
): Promise<ConnectPlan | null> {
	const { question, result } = await ask(exchange, run, 'connect', url, source, applet.version);
	const checked = checkConnectAnswer(applet.version, result);
	question.notes = checked.notes;
	question.reasons = [...checked.reasons, ...(checked.plan ? await audioReasons(exchange, checked.plan) : [])];
	question.accepted = question.reasons.length === 0;
	const plan = question.accepted ? checked.plan : null;
	describe(question, plan, applet, source);
	exchange.announce('call', run.call);
	return plan;
}

/** Sounds named in an answer have to be there (seeds 002, 003). */
async function audioReasons(exchange: Exchange, plan: ConnectPlan): Promise<string[]> {
	if (plan.playback?.type !== 'audio_url') return [];
	const { value } = plan.playback;
	const sound = await exchange.clock.track(
		exchange.outgoing.send(
			{ method: 'GET', url: value, headers: { Accept: '*/*' }, body: null },
			exchange.settings.answerTimeoutMs,
		),
	);
	return sound.status === 200
		? []
		: [`start_call_playback.value: ${value} answers ${sound.status ?? sound.error}; it must answer 200`];
}

/** Puts the consequence of the answer into plain words. */
export function describe(
	question: AppletQuestion,
	plan: ConnectPlan | null,
	applet: Pick<ConnectApplet, 'fallbackUrl'>,
	source: 'primary' | 'fallback',
): void {
	question.rings = plan?.rings ?? [];
	if (!plan) {
		question.branch =
			source === 'primary' && applet.fallbackUrl ? 'the fallback URL is asked' : "didn't dial anyone";
		question.hears = [
			source === 'primary' && applet.fallbackUrl
				? 'silence, while the fallback URL is asked'
				: 'the applet for "didn\'t dial anyone", or the end of the call',
		];
		return;
	}
	if (plan.rings.length === 0) {
		question.branch = "didn't dial anyone";
		question.hears = ['nobody is rung: the applet for "didn\'t dial anyone", or the end of the call'];
		return;
	}
	question.branch = ringPlan(plan);
	const music =
		{
			operator_tone: "the operator's ringing tone",
			custom_tone: `music from ${plan.musicOnHold.value}`,
			default_tone: "Exotel's music on hold",
		}[plan.musicOnHold.type] ?? "Exotel's music on hold";
	question.hears = [music];
	if (plan.playback?.to === 'both')
		question.hears.push(
			plan.playback.type === 'text' ? `"${plan.playback.value}"` : `the sound ${plan.playback.value}`,
		);
	question.hears.push('the first who answers');
}

/** How the numbers are rung, in words. */
function ringPlan({ rings, atOnce, ringSeconds }: ConnectPlan): string {
	if (rings.length === 1) return `1 number is rung, up to ${ringSeconds} s`;
	const manner = atOnce === 1 ? 'one after the other' : atOnce < rings.length ? `${atOnce} at once` : 'all at once';
	return `${rings.length} numbers are rung ${manner}, each up to ${ringSeconds} s`;
}
