/**
 * The Greeting applet: says a text, plays a sound, or asks a URL. Such a URL is sent HEAD and then GET; both must be
 * answered with 200 and text/plain, and the body is a text or the URLs of sounds, one a line (support articles 48285
 * and 84548).
 */
import { hear, soundReasons } from './sounds';
import { note, noteHeard } from '../model/call';
import { requestApplet, type AppletExchange } from './request-applet';
import { MAX_SPOKEN_LENGTH, soundOf, soundWords, type Sound } from '../model/sound';
import type { AppletRequest } from '../model/applet-request';
import type { FlowRun } from '../model/flow-run';
import type { GreetingApplet } from '../model/flow';
import type { RunningCall } from './running-call';

/** Simulated seconds of a greeting. */
const GREETING_SECONDS = 3;
const MAX_SOUNDS = 10;

/** Greets the caller; nothing is heard where the URL cannot be used. */
export async function runGreeting(running: RunningCall, run: FlowRun, applet: GreetingApplet): Promise<void> {
	const { call } = running;
	const own = soundOf(applet.text, applet.audioUrl);
	if (own) {
		await hear(running, own);
		note(call, 'greeting', null, applet.audioUrl);
	} else if (applet.url !== undefined) {
		note(call, 'greeting', null, applet.url);
		const sounds = await requestSounds(running, run, applet.url);
		if (sounds.length === 0) return;
		for (const sound of sounds) noteHeard(call, soundWords(sound));
	}
	await running.pass(GREETING_SECONDS);
}

async function requestSounds(running: RunningCall, run: FlowRun, url: string): Promise<Sound[]> {
	const target = { applet: 'greeting', url, source: 'primary', version: null } as const;
	const head = await requestApplet(running, run, { ...target, method: 'HEAD' });
	if (!accept(head)) return [];
	const { request, result } = await requestApplet(running, run, target);
	if (!accept({ request, result })) return [];
	const sounds = soundsIn(result.body, request.notes);
	if (sounds.length === 0) return refuse(request, ['the body is empty; it must be a text or the URLs of sounds']);
	const named = sounds.map((sound) => ('text' in sound ? null : sound.audioUrl));
	const reasons = await soundReasons(
		running,
		named.map((address, index) => [`line ${index + 1}`, address]),
		request,
	);
	if (reasons.length > 0) return refuse(request, reasons);
	request.hears = sounds.map(soundWords);
	running.announce();
	return sounds;
}

/** Accepts 200 with text/plain and gives true; else the request says why not. */
function accept({ request, result }: AppletExchange): boolean {
	const reasons: string[] = [];
	if (result.status === null) reasons.push(`no answer: ${result.error ?? 'unknown reason'}`);
	else if (result.status !== 200) reasons.push(`the status is ${result.status}; it must be 200`);
	if (result.status !== null && !/^text\/plain\s*(;|$)/i.test(result.contentType ?? ''))
		reasons.push(`the Content-Type is ${result.contentType ?? 'missing'}; it must be text/plain`);
	if (reasons.length > 0) refuse(request, reasons);
	else request.accepted = true;
	return request.accepted;
}

function refuse(request: AppletRequest, reasons: string[]): [] {
	request.accepted = false;
	request.reasons = reasons;
	request.hears = ['nothing: the flow goes on with the next applet'];
	return [];
}

/** URLs, one a line, or else one text; what is left out is noted. */
function soundsIn(body: string, notes: string[]): Sound[] {
	const lines = body
		.split(/\r?\n/)
		.map((line) => line.trim())
		.filter((line) => line !== '');
	if (lines.length === 0) return [];
	const areUrls = lines.every((line) => /^https?:\/\/\S+$/i.test(line));
	if (areUrls && lines.length > MAX_SOUNDS)
		notes.push(`${lines.length} sounds are named; the first ${MAX_SOUNDS} are played here`);
	if (areUrls) return lines.slice(0, MAX_SOUNDS).map((audioUrl) => ({ audioUrl }));
	const text = body.trim();
	if (text.length > MAX_SPOKEN_LENGTH) notes.push(`the text is cut after ${MAX_SPOKEN_LENGTH} characters here`);
	return [{ text: text.slice(0, MAX_SPOKEN_LENGTH) }];
}
