/**
 * Recordings: where they are, and since when. The path is the one of Exotel's storage
 * (`/exotelrecordings/<sid>/<callsid>.mp3`, seed 004); the host is the simulator's own, so that they really download.
 */
import { hasRecording, type Call } from './calls/call';
import type { Exchange } from './exchange';

/** Address of the call's recording, or null while (or if) there is none. */
export function recordingUrl(exchange: Exchange, call: Call): string | null {
	return hasRecording(call) ? `${exchange.url}/exotelrecordings/${call.accountSid}/${call.sid}.mp3` : null;
}

/** Epoch milliseconds of simulated time from which the recording can be downloaded; null = never. */
export function recordingReadyAt(exchange: Exchange, call: Call): number | null {
	return hasRecording(call) ? (call.endedAt as number) + exchange.settings.quirks.recordingDelaySeconds * 1000 : null;
}
