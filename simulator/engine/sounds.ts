/**
 * Sounds that requests and answers name by URL: fetched as Exotel does, and checked against the documented format (WAV,
 * 8 kHz, 16 bit, mono; less than 2 MB is advised for `WaitUrl`).
 */
import { note, noteHeard } from '../model/call';
import { soundWords, type Sound } from '../model/sound';
import type { AppletRequest } from '../model/applet-request';
import type { OutgoingResult } from './outgoing';
import type { RunningCall } from './running-call';

const ADVISED_BYTES = 2 * 1024 * 1024;
const MAX_SOUND_BYTES = 2 * ADVISED_BYTES;
const NO_WAV = 'is not a WAV file';
/** Seeds 002, 003 and 004. */
const DOCUMENTED_FORMAT = '8000 Hz, 16 bit, 1 channel';

/** What was found at the URL. */
export interface CheckedSound {
	/** Why it cannot be played at all; null if it can be fetched. */
	problem: string | null;
	/** What is wrong with the file; it may not be played as meant. */
	notes: string[];
}

/** Fetches a sound; its URL must answer 200 (seeds 002, 003). */
async function fetchSound(running: RunningCall, url: string): Promise<CheckedSound> {
	const { clock, outgoing, settings } = running.simulation;
	const request = { method: 'GET', url, headers: { Accept: '*/*' }, body: null, maxBytes: MAX_SOUND_BYTES };
	const result = await clock.track(outgoing.send(request, settings.answerTimeoutMs));
	running.signal.throwIfAborted();
	if (result.status !== 200)
		return { problem: `${url} answers ${result.status ?? result.error}; it must answer 200`, notes: [] };
	return { problem: null, notes: formatNotes(url, result) };
}

/**
 * Plays a sound to the first party of a call while time goes on; the story says what is heard instead if it
 * cannot be played.
 * @param otherwise what is heard then
 */
export async function playSound(running: RunningCall, url: string, otherwise: string): Promise<void> {
	const { call } = running;
	const { problem, notes } = await fetchSound(running, url);
	const reason = problem ?? notes.find((line) => line.includes(NO_WAV));
	for (const line of notes) note(call, 'sound', 'from', line);
	if (problem !== null) note(call, 'sound', 'from', problem);
	noteHeard(call, reason === undefined ? `the sound ${url}` : `${otherwise}, because ${reason}`);
	running.announce();
}

/** Lets the caller of a flow hear something; a sound that cannot be played is silence. */
export async function hear(running: RunningCall, sound: Sound): Promise<void> {
	if ('text' in sound) noteHeard(running.call, soundWords(sound));
	else await playSound(running, sound.audioUrl, 'silence');
}

/**
 * Sounds named in an answer have to be there (seeds 002, 003); another format than WAV is noted.
 * @param sounds field of the answer and URL
 * @returns why the answer cannot be used
 */
export async function soundReasons(
	running: RunningCall,
	sounds: readonly (readonly [string, string | null])[],
	request: AppletRequest,
): Promise<string[]> {
	const reasons: string[] = [];
	for (const [field, url] of sounds) {
		if (url === null) continue;
		const { problem, notes } = await fetchSound(running, url);
		if (problem !== null) reasons.push(`${field}: ${problem}`);
		request.notes.push(...notes.map((line) => `${field}: ${line}`));
	}
	return reasons;
}

function formatNotes(url: string, { start, bytes }: OutgoingResult): string[] {
	const notes: string[] = [];
	const wav = start.toString('latin1', 0, 4) === 'RIFF' && start.toString('latin1', 8, 12) === 'WAVE';
	if (!wav) notes.push(`${url} ${NO_WAV} (8 kHz, 16 bit, mono)`);
	const format = wav ? formatOf(start) : null;
	if (format !== null && format !== DOCUMENTED_FORMAT)
		notes.push(`${url} has ${format}; documented is ${DOCUMENTED_FORMAT}`);
	if (bytes > ADVISED_BYTES) notes.push(`${url} is larger than the advised 2 MB`);
	return notes;
}

/** Sample rate, bit depth and channels out of the header of a WAV file; null if it is not where it usually is. */
function formatOf(header: Buffer): string | null {
	if (header.length < 36 || header.toString('latin1', 12, 16) !== 'fmt ') return null;
	const channels = header.readUInt16LE(22);
	const rate = header.readUInt32LE(24);
	return `${rate} Hz, ${header.readUInt16LE(34)} bit, ${channels} channel${channels === 1 ? '' : 's'}`;
}
