/** The Gather applet: a prompt, then digits. The prompt may come from a URL (Exotel fact sheet 7.4). */
import { ask } from './request-applet';
import { hears, note } from '../model/call';
import type { Exchange } from './simulation';
import type { FlowRun } from '../model/flow-run';
import type { GatherApplet } from '../model/flows';

/** Simulated seconds a caller needs to listen and press. */
const PRESSING_SECONDS = 3;
const DEFAULT_TIMEOUT_SECONDS = 5;

/** Plays the prompt and takes the digits the caller is going to press. */
export async function runGather(exchange: Exchange, run: FlowRun, applet: GatherApplet): Promise<void> {
	const { call } = run;
	note(call, 'gather', null, applet.url ?? applet.prompt);
	const asked =
		applet.url === undefined
			? { prompt: applet.prompt ?? 'a prompt', most: applet.maxDigits ?? 255, timeout: DEFAULT_TIMEOUT_SECONDS }
			: await askPrompt(exchange, run, applet.url);
	if (!asked) return;
	hears(call, asked.prompt);
	const pressed = (run.digitsToCome.shift() ?? applet.digits ?? '').slice(0, asked.most);
	await exchange.pass(call, pressed === '' ? asked.timeout : PRESSING_SECONDS);
	run.digits = pressed;
	if (pressed === '') return;
	call.digits.push(pressed);
	note(call, 'digits', 'from', pressed);
}

async function askPrompt(
	exchange: Exchange,
	run: FlowRun,
	url: string,
): Promise<{ prompt: string; most: number; timeout: number } | null> {
	const { question, result } = await ask(exchange, run, 'gather', url, 'primary', '1.0');
	const body = result.status === 200 ? objectFrom(result.body) : null;
	const prompt = body && promptText(body.gather_prompt);
	if (!body || prompt === null) {
		question.reasons = [
			result.status === 200
				? 'gather_prompt with text or audio_url is needed, as JSON'
				: `the status is ${result.status ?? result.error}; it must be 200`,
		];
		return null;
	}
	question.accepted = true;
	question.hears = [prompt];
	return {
		prompt,
		most: whole(body.max_input_digits, 255),
		timeout: whole(body.input_timeout, DEFAULT_TIMEOUT_SECONDS),
	};
}

function promptText(prompt: unknown): string | null {
	if (typeof prompt !== 'object' || prompt === null) return null;
	const { text, audio_url: audio } = prompt as Record<string, unknown>;
	if (typeof text === 'string') return `"${text.slice(0, 500)}"`;
	return typeof audio === 'string' ? `the sound ${audio.slice(0, 500)}` : null;
}

function objectFrom(body: string): Record<string, unknown> | null {
	try {
		const value: unknown = JSON.parse(body);
		return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
	} catch {
		return null;
	}
}

function whole(value: unknown, otherwise: number): number {
	return typeof value === 'number' && Number.isInteger(value) && value > 0 ? Math.min(value, 255) : otherwise;
}
