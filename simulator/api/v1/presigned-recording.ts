/** The field that `RecordingUrlValidity` adds to a call (facts 3.1). */
import { presigned, recordingReadyAt, recordingUrl } from '../../model/recording';
import type { Call } from '../../model/call';
import type { WireContext } from '../../wire/context';

/** A link that needs no credentials for so many simulated minutes; nothing for a call without a recording. */
export function presignedRecording(wire: WireContext, call: Call, minutes: number): Record<string, string> {
	const url = recordingUrl(wire.baseUrl, call);
	if (url === null || recordingReadyAt(call, wire.quirks.recordingDelaySeconds) === null) return {};
	return { PreSignedRecordingUrl: presigned(url, Math.floor(wire.now / 1000) + minutes * 60) };
}
