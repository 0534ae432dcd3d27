/**
 * The sound of a simulated recording: a steady tone of 437 Hz as MP3, MPEG-2.5 Layer III, 8 kHz mono, 8 kbit/s (layout:
 * ISO/IEC 13818-3). Every frame of 72 bytes is the same: header `ffe318c4`, side information, one spectral line.
 */
const TONE_FRAME_HEX = 'ffe318c40001188330000842f4fffffffe4';
const FRAME_BYTES = 72;
const SAMPLES_PER_FRAME = 576;
const SAMPLE_RATE = 8000;

const toneFrame = Buffer.from(TONE_FRAME_HEX.padEnd(FRAME_BYTES * 2, '0'), 'hex');

/** A playable MP3 that lasts as long as the conversation did (rounded up to a frame). */
export function toneMp3(seconds: number): Buffer {
	const frames = Math.max(1, Math.ceil((seconds * SAMPLE_RATE) / SAMPLES_PER_FRAME));
	return Buffer.alloc(frames * FRAME_BYTES, toneFrame);
}
