/** The Gather applet: a prompt, then digits. The prompt may come from a URL (facts 7.4). */
import { isObject, parsedJson } from '../model/json';
import { note, noteHeard } from '../model/call';
import { requestApplet } from './request-applet';
import type { FlowRun } from '../model/flow-run';
import type { GatherApplet } from '../model/flow';
import type { RunningCall } from './running-call';

/** Simulated seconds a caller needs to listen and press. */
const PRESSING_SECONDS = 3;
const DEFAULT_TIMEOUT_SECONDS = 5;
const MAX_DIGITS = 255;

/** What the caller hears, and how long they may press. */
interface Prompt {
	prompt: string;
	maxDigits: number;
	timeoutSeconds: number;
}

/** Plays the prompt and takes the digits the caller presses. */
export async function runGather(running: RunningCall, run: FlowRun, applet: GatherApplet): Promise<void> {
	const { call } = running;
	note(call, 'gather', null, applet.url ?? applet.prompt);
	const prompt = applet.url === undefined ? ownPrompt(applet) : await requestPrompt(running, run, applet.url);
	if (!prompt) return;
	noteHeard(call, prompt.prompt);
	const pressed = (run.digitsToCome.shift() ?? applet.digits ?? '').slice(0, prompt.maxDigits);
	await running.pass(pressed === '' ? prompt.timeoutSeconds : PRESSING_SECONDS);
	run.digits = pressed;
	if (pressed === '') return;
	call.digits.push(pressed);
	note(call, 'digits', 'from', pressed);
}

function ownPrompt({ prompt = 'a prompt', maxDigits = MAX_DIGITS }: GatherApplet): Prompt {
	return { prompt, maxDigits, timeoutSeconds: DEFAULT_TIMEOUT_SECONDS };
}

async function requestPrompt(running: RunningCall, run: FlowRun, url: string): Promise<Prompt | null> {
	const target = { applet: 'gather', url, source: 'primary', version: '1.0' } as const;
	const { request, result } = await requestApplet(running, run, target);
	const answer = result.status === 200 && !result.cut ? parsedJson(result.body) : null;
	const prompt = isObject(answer) ? promptText(answer.gather_prompt) : null;
	if (!isObject(answer) || prompt === null) {
		request.reasons = [
			result.status === 200
				? 'gather_prompt with text or audio_url is needed, as JSON'
				: `the status is ${result.status ?? result.error}; it must be 200`,
		];
		return null;
	}
	request.accepted = true;
	request.hears = [prompt];
	return {
		prompt,
		maxDigits: whole(answer.max_input_digits, MAX_DIGITS),
		timeoutSeconds: whole(answer.input_timeout, DEFAULT_TIMEOUT_SECONDS),
	};
}

function promptText(prompt: unknown): string | null {
	if (!isObject(prompt)) return null;
	const { text, audio_url: audio } = prompt;
	if (typeof text === 'string') return `"${text.slice(0, 500)}"`;
	return typeof audio === 'string' ? `the sound ${audio.slice(0, 500)}` : null;
}

function whole(value: unknown, fallback: number): number {
	return typeof value === 'number' && Number.isInteger(value) && value > 0 ? Math.min(value, MAX_DIGITS) : fallback;
}
