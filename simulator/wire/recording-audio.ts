/**
 * The sound of a simulated recording: a steady tone as MP3, MPEG-2.5 Layer III, 8 kHz mono, 8 kbit/s. Every frame (72
 * bytes, 72 ms) carries one single spectral line, so no encoder is needed: the frame is written down bit by bit.
 * Source of the layout: ISO/IEC 13818-3, low sampling frequencies.
 */

const SAMPLES_PER_FRAME = 576;
const SAMPLE_RATE = 8000;
const FRAME_BYTES = 72;
/** One of 576 lines between 0 and 4 kHz: 4000 / 576 * 63 = 437 Hz. */
const LINE = 63;
/** Loudness; 210 is full scale for a line of 1. */
const GLOBAL_GAIN = 204;

/** A playable MP3 that lasts as long as the conversation did (rounded up to a frame). */
export function toneMp3(seconds: number): Buffer {
	const frames = Math.max(1, Math.ceil((seconds * SAMPLE_RATE) / SAMPLES_PER_FRAME));
	return Buffer.concat(new Array<Buffer>(frames).fill(toneFrame()));
}

function toneFrame(): Buffer {
	// Huffman table 1: a pair (0,0) is "1", the pair (0,1) is "001" and a sign bit
	const pairs = (LINE - 1) / 2;
	const spectrum = `${'1'.repeat(pairs)}0010`;
	const bits = [
		// header: sync, MPEG-2.5, Layer III, no checksum; 8 kbit/s, 8 kHz, no padding; mono, original
		'11111111111',
		'00',
		'01',
		'1',
		'0001',
		'10',
		'0',
		'0',
		'11',
		'00',
		'0',
		'1',
		'00',
		// side information: main_data_begin, private bit
		field(0, 8),
		'0',
		// part2_3_length, big_values, global_gain, scalefac_compress (no scale factors), no window switching
		field(spectrum.length, 12),
		field(pairs + 1, 9),
		field(GLOBAL_GAIN, 8),
		field(0, 9),
		'0',
		// table_select of the three regions, region0_count, region1_count, scalefac_scale, count1table_select
		field(1, 5),
		field(1, 5),
		field(1, 5),
		field(7, 4),
		field(5, 3),
		'0',
		'0',
		spectrum,
	]
		.join('')
		.padEnd(FRAME_BYTES * 8, '0');
	return Buffer.from(
		Array.from({ length: FRAME_BYTES }, (_, index) => parseInt(bits.slice(index * 8, index * 8 + 8), 2)),
	);
}

function field(value: number, width: number): string {
	return value.toString(2).padStart(width, '0');
}
