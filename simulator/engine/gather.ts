/**
 * The Gather applet: a prompt, then digits, and a branch by them. The prompt and what is taken may come from a URL
 * (support article 3000084635).
 */
import { branchTo, type FlowRun, type Next } from '../model/flow-run';
import { checkGatherAnswer } from '../wire/gather-answer';
import { GATHER_DEFAULTS, type GatherApplet } from '../model/flow';
import { hear, soundReasons } from './sounds';
import { note, noteHeard } from '../model/call';
import { requestApplet } from './request-applet';
import { soundOf, soundWords, type Sound } from '../model/sound';
import type { AppletRequest } from '../model/applet-request';
import type { Menu } from '../model/menu';
import type { RunningCall } from './running-call';

/** Simulated seconds a caller needs to listen and press. */
const PRESSING_SECONDS = 3;

/** Plays the prompt and takes the digits the caller presses. @returns where the flow goes on */
export async function runGather(running: RunningCall, run: FlowRun, applet: GatherApplet): Promise<Next> {
	const { call } = running;
	note(call, 'gather', null, applet.url ?? applet.prompt ?? applet.promptAudioUrl);
	const menu = applet.url === undefined ? ownMenu(applet) : await fetchMenu(running, run, applet, applet.url);
	if (!menu) return branchTo('noInput', applet.noInput);
	// the sounds of an answer were fetched when it was checked
	const play = async (sound: Sound) =>
		applet.url === undefined ? hear(running, sound) : noteHeard(call, soundWords(sound));
	let pressed = '';
	for (let played = 0; pressed === '' && played <= menu.repeats; played++) {
		await play(played === 0 ? menu.prompt : menu.repeatPrompt);
		pressed = input(run.digitsToCome.shift() ?? applet.digits ?? '', menu);
		await running.pass(pressed === '' ? menu.timeoutSeconds : PRESSING_SECONDS);
	}
	run.digits = pressed;
	if (pressed === '') return branchTo('noInput', applet.noInput);
	call.digits.push(pressed);
	note(call, 'digits', 'from', pressed);
	const { keys = {} } = applet;
	return branchTo(`keys ${pressed}`, Object.hasOwn(keys, pressed) ? keys[pressed] : undefined);
}

/** What of the pressed keys counts. */
function input(keys: string, { finishOnKey, maxDigits }: Menu): string {
	const end = finishOnKey === '' ? -1 : keys.indexOf(finishOnKey);
	return (end === -1 ? keys : keys.slice(0, end)).slice(0, maxDigits);
}

function ownMenu(applet: GatherApplet): Menu | null {
	const prompt = soundOf(applet.prompt, applet.promptAudioUrl);
	if (!prompt) return null;
	const {
		maxDigits = GATHER_DEFAULTS.maxDigits,
		finishOnKey = GATHER_DEFAULTS.finishOnKey,
		timeoutSeconds = GATHER_DEFAULTS.timeoutSeconds,
		repeats = GATHER_DEFAULTS.repeats,
	} = applet;
	const repeatPrompt = soundOf(applet.repeatPrompt, applet.repeatPromptAudioUrl) ?? prompt;
	return { prompt, maxDigits, finishOnKey, timeoutSeconds, repeats, repeatPrompt };
}

async function fetchMenu(
	running: RunningCall,
	run: FlowRun,
	{ fallbackUrl }: GatherApplet,
	url: string,
): Promise<Menu | null> {
	const primary = await requestMenu(running, run, { url, source: 'primary' });
	if (primary || fallbackUrl === undefined) return primary;
	note(run.call, 'fallback', null, fallbackUrl);
	return requestMenu(running, run, { url: fallbackUrl, source: 'fallback' });
}

async function requestMenu(
	running: RunningCall,
	run: FlowRun,
	from: { url: string; source: AppletRequest['source'] },
): Promise<Menu | null> {
	const { request, result } = await requestApplet(running, run, { applet: 'gather', version: '1.0', ...from });
	const { menu, reasons, notes } = checkGatherAnswer(result);
	request.notes.push(...notes);
	request.reasons = menu ? await soundReasons(running, soundsOf(menu), request) : reasons;
	request.accepted = request.reasons.length === 0;
	if (menu && request.accepted) request.hears = [soundWords(menu.prompt)];
	running.announce();
	return request.accepted ? menu : null;
}

function soundsOf({ prompt, repeatPrompt }: Menu): [string, string | null][] {
	const named = (sound: Sound) => ('audioUrl' in sound ? sound.audioUrl : null);
	const repeated = repeatPrompt === prompt ? null : named(repeatPrompt);
	return [
		['gather_prompt.audio_url', named(prompt)],
		['repeat_gather_prompt.audio_url', repeated],
	];
}
