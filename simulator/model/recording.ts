/**
 * Recordings: where they are and since when. The path is the one of Exotel's storage
 * (`/exotelrecordings/<sid>/<callsid>.mp3`, seed 004); the host is the simulator's own, so that they really download.
 */
import { digest } from './random';
import { hasRecording, type Call } from './call';

/** URL of the call's recording, or null while (or if) there is none. */
export function recordingUrl(baseUrl: string, call: Call): string | null {
	return hasRecording(call) ? `${baseUrl}/exotelrecordings/${call.accountSid}/${call.sid}.mp3` : null;
}

/** Epoch milliseconds of simulated time from which the recording can be downloaded; null = never. */
export function recordingReadyAt(call: Call, delaySeconds: number): number | null {
	return hasRecording(call) && call.endedAt !== null ? call.endedAt + delaySeconds * 1000 : null;
}

/**
 * A recording URL that needs no credentials until it expires.
 * @param until epoch seconds of simulated time
 */
export function presigned(url: string, until: number): string {
	return `${url}?Expires=${until}&Signature=${recordingSignature(new URL(url).pathname, until)}`;
}

/** Distinguishes an expired or foreign link from a valid one; nothing is secret in a simulator. */
export function recordingSignature(path: string, until: number): string {
	return digest(`recording|${path}|${until}`).slice(0, 24);
}
