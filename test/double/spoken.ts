/**
 * Requests an address as Gather and Greeting do, and says what the caller would hear. Written from the vendor's support
 * pages ("Working with Gather Applet", "Greeting using dynamic text or audio from URL"), not from the seeds.
 */
import type { Account } from './account';
import { questionParameters, questionUrl, type Question } from './applet-request';
import { send, type Response } from './http';

/** How an address is requested. */
export interface HearOptions extends Omit<Question, 'applet'> {
	applet: 'gather' | 'greeting';
	/** Exotel waits this long, milliseconds; 5000 as documented. */
	timeoutMs?: number;
}

/** What came of a request. */
export interface Heard extends Response {
	/** The address with its query, as it was requested. */
	url: string;
	/** What the caller hears, a text or the address of a sound, in order; nothing when the answer is refused. */
	hears: string[];
	/** Why the answer is refused. */
	reasons: string[];
	/** Gather: keys after which the flow goes on, "default 255". */
	maxDigits: number;
	/** Gather: the key that ends the input, "default #"; an empty text for none. */
	finishOnKey: string;
	/** Gather: seconds between keys, "default 5". */
	timeoutSeconds: number;
	/** Gather: how often the prompt is repeated, "default 0". */
	repeats: number;
}

const GREETING_PARAMETERS = ['CallSid', 'From', 'To', 'DialWhomNumber', 'CustomField'];

/** Requests. */
export async function hear(account: Account, url: string, options: HearOptions): Promise<Heard> {
	const { applet, timeoutMs = 5000 } = options;
	const all = questionParameters(account, { ...options, applet: 'connect-1.0' });
	const isGather = applet === 'gather';
	const parameters = isGather
		? { ...all, CallStatus: 'in-progress' }
		: Object.fromEntries(Object.entries(all).filter(([name]) => GREETING_PARAMETERS.includes(name)));
	const target = questionUrl(url, parameters, options.plus);
	const headers: Record<string, string> = isGather ? { 'Exotel-Version': '1.0' } : {};
	const head = isGather ? null : await send(target, { method: 'HEAD', headers, timeoutMs });
	const response = await send(target, { method: 'GET', headers, timeoutMs });
	const heard: Heard = {
		...response,
		url: target,
		hears: [],
		reasons: [],
		maxDigits: 255,
		finishOnKey: '#',
		timeoutSeconds: 5,
		repeats: 0,
	};
	judgeTransport(heard, isGather ? 'application/json' : 'text/plain');
	if (head !== null) judgeHead(heard, head);
	if (heard.reasons.length > 0) return heard;
	if (isGather) readGather(heard);
	else readGreeting(heard);
	return heard;
}

function judgeTransport(heard: Heard, type: string): void {
	if (heard.error !== undefined) heard.reasons.push(`no answer: ${heard.error}`);
	else if (heard.status !== 200) heard.reasons.push(`HTTP ${heard.status} is not 200`);
	else if (heard.headers['content-type'] !== type) {
		heard.reasons.push(`Content-Type must be ${type} and nothing else, not ${heard.headers['content-type']}`);
	}
}

/** "Must support a HEAD request and return the exact same headers that it would for a GET request." */
function judgeHead({ reasons, status, headers }: Heard, head: Response): void {
	if (head.status !== status) reasons.push(`HEAD is answered with ${head.status}, GET with ${status}`);
	if (head.headers['content-type'] !== headers['content-type'])
		reasons.push('HEAD has another Content-Type than GET');
}

function readGreeting(heard: Heard): void {
	const lines = heard.body.split('\n').map((line) => line.trim());
	const sounds = lines.filter((line) => /^https?:/.test(line));
	heard.hears = sounds.length > 0 ? sounds : [heard.body];
	if (heard.body.trim() === '') heard.reasons.push('there is nothing to read out');
}

function readGather(heard: Heard): void {
	const answer = object(parsed(heard.body));
	const prompt = object(answer?.gather_prompt);
	const said = prompt?.text ?? prompt?.audio_url;
	if (answer === null || typeof said !== 'string' || said.trim() === '') {
		heard.reasons.push('gather_prompt with text or audio_url is mandatory');
		return;
	}
	const number = (name: string, usual: number): number => {
		const value = answer[name] ?? usual;
		if (typeof value === 'number' && Number.isInteger(value)) return value;
		heard.reasons.push(`${name} must be a whole number`);
		return usual;
	};
	heard.maxDigits = number('max_input_digits', 255);
	heard.timeoutSeconds = number('input_timeout', 5);
	heard.repeats = number('repeat_menu', 0);
	const finish = answer.finish_on_key ?? '#';
	if (typeof finish === 'string' && /^[0-9*#]?$/.test(finish)) heard.finishOnKey = finish;
	else heard.reasons.push('finish_on_key must be one key or an empty text');
	const again = object(answer.repeat_gather_prompt);
	const repeated = String(again?.text ?? again?.audio_url ?? said);
	if (heard.reasons.length === 0) heard.hears = [said, ...Array.from({ length: heard.repeats }, () => repeated)];
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return null;
	}
}

function object(value: unknown): Record<string, unknown> | null {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}
