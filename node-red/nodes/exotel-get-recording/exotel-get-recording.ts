/**
 * `exotel-get-recording`: the recording of a call, as a Buffer or as a file. A recording is there some minutes after
 * the call has ended, so the node requests it again, less and less often, until it is there or the time is up. Without
 * an address it reads the call first: Exotel names the address when it has one.
 */
import {
	ExotelError,
	handedOn,
	inputError,
	findRecording,
	type ApiVersion,
	type Recording,
	type Violation,
} from '../../../exotel/index';
import { connectionOf, type AccountConnection, type RequestOptions } from '../../account/account-connection';
import { processClock } from '../../clock';
import { recordingFile } from '../../account/recording-file';
import { text, type Red, type RedNode, type SavedConfig } from '../../host';
import { onMessage } from '../../messages/input';
import { likelyApi } from '../../messages/likely-api';
import { statusLine } from '../../messages/status';
import { prepareFields, type FieldInputs } from '../../messages/typed-values';
import { migrateConfig } from '../../migration';
import { NodeScope } from '../../node-scope';
import { ranges } from '../../ranges';

/** Seconds between two attempts; after these the last pause repeats. */
const PAUSES = [2, 3, 5, 8, 13, 20];
const LAST_PAUSE = 30;
/** A long recording over a slow line: for one attempt. */
const TRANSFER_MS = 10 * 60 * 1000;
/** Messages that wait in one node; each is a message in memory. */
const MAX_WAITING_MESSAGES = 1000;

const FIELDS = {
	url: { label: 'Recording' },
	sid: { label: 'Call SID' },
	filename: { label: 'File' },
	waitSeconds: { label: 'Wait at most' },
	output: { label: 'Output' },
} as const;

/** What the message and the form want. */
interface Wanted {
	source: RecordingSource;
	/** Null for a Buffer. */
	filename: string | null;
	waitMs: number;
}

/** Where a recording is: at its address, or at the one its call names. */
type RecordingSource = { url: string } | { sid: string; likely: ApiVersion };

module.exports = function register(RED: Red): void {
	function ExotelGetRecording(this: RedNode, saved: SavedConfig): void {
		RED.nodes.createNode(this, saved);
		const config = migrateConfig('exotel-get-recording', saved);
		const scope = new NodeScope(RED, this);
		const status = statusLine(scope);
		const readFields = prepareFields(scope, config, FIELDS);
		let waiting = 0;

		onMessage(scope, status, async (msg, send, signal) => {
			const connection = connectionOf(RED, config['account']);
			const wanted = readWanted(await readFields(msg), text(config, 'output', 'buffer'), msg.payload);
			if (waiting >= MAX_WAITING_MESSAGES)
				throw new ExotelError('busy', `${MAX_WAITING_MESSAGES} recordings are being waited for already.`, {
					help: 'recording',
					hint: 'Send fewer messages at a time, or wait less long.',
				});
			waiting += 1;
			try {
				status.show('working', 'fetching');
				const { url, recording, bytes, tries } = await fetchWhenThere(connection, wanted, signal, (reason) =>
					status.show('waiting', reason),
				);
				msg.payload =
					wanted.filename ??
					Buffer.from(recording.bytes.buffer, recording.bytes.byteOffset, recording.bytes.byteLength);
				if (wanted.filename !== null) msg['filename'] = wanted.filename;
				// Not `url`: that is a field, and would steer the next node of this kind.
				msg['exotel'] = { recordingUrl: url, contentType: recording.contentType, bytes, tries, raw: null };
				status.show('good', 'fetched');
				send(msg);
				handedOn(recording);
			} finally {
				waiting -= 1;
			}
		});
	}

	RED.nodes.registerType('exotel-get-recording', ExotelGetRecording);
};

function readWanted(input: FieldInputs<typeof FIELDS>, output: string, payload: unknown): Wanted {
	const written = (name: keyof typeof FIELDS): string | null =>
		input[name] === undefined ? null : String(input[name]).trim() || null;
	const violations: Violation[] = [];
	const url = written('url');
	const sid = written('sid');
	if (url === null && sid === null) {
		const message = 'Recording: give its address, or the SID of the call.';
		violations.push({ field: 'url', rule: 'required', message });
	}
	const toFile = (written('output') ?? output) === 'file';
	const filename = toFile ? written('filename') : null;
	if (toFile && filename === null) {
		const message = 'File: say where to save the recording, for example /data/recordings/call.mp3.';
		violations.push({ field: 'filename', rule: 'required', message });
	}
	const seconds = Number(input.waitSeconds ?? ranges.waitSeconds.fallback);
	if (!(seconds >= ranges.waitSeconds.min && seconds <= ranges.waitSeconds.max)) {
		const message = `Wait at most: must be a number of seconds from 0 to ${ranges.waitSeconds.max}.`;
		violations.push({ field: 'waitSeconds', rule: 'max', message });
	}
	if (violations.length > 0) throw inputError(violations);
	const source = url === null ? { sid: sid ?? '', likely: likelyApi(payload) } : { url };
	return { source, filename, waitMs: seconds * 1000 };
}

/**
 * Tries until the recording is there.
 * @throws ExotelError the last one when the time is up; at once when waiting cannot help.
 */
async function fetchWhenThere(
	connection: AccountConnection,
	wanted: Wanted,
	signal: AbortSignal,
	show: (key: string) => void,
): Promise<{ url: string; recording: Recording; bytes: number; tries: number }> {
	const until = processClock.elapsed() + wanted.waitMs;
	const options: RequestOptions = { signal, onWait: ({ reason }) => show(`.${reason}`) };
	for (let tries = 1; ; tries += 1) {
		try {
			const url = await addressOf(connection, wanted.source, options);
			return { url, tries, ...(await fetchOnce(connection, url, wanted.filename, options)) };
		} catch (reason) {
			const pause = (PAUSES[tries - 1] ?? LAST_PAUSE) * 1000;
			if (!(reason instanceof ExotelError) || !reason.retryable || processClock.elapsed() + pause > until)
				throw reason;
			show('waiting');
			await processClock.sleep(pause, signal);
		}
	}
}

async function fetchOnce(
	connection: AccountConnection,
	url: string,
	filename: string | null,
	options: RequestOptions,
): Promise<{ recording: Recording; bytes: number }> {
	const transfer = { ...options, timeoutMs: TRANSFER_MS, deadlineMs: TRANSFER_MS };
	if (filename === null) {
		const recording = await connection.fetchRecording(url, transfer);
		return { recording, bytes: recording.bytes.length };
	}
	const file = recordingFile(filename);
	await file.open();
	try {
		const recording = await connection.fetchRecording(url, transfer, file);
		return { recording, bytes: await file.keep() };
	} catch (reason) {
		throw (await file.discard()) ?? reason;
	}
}

/**
 * The address of a recording.
 * @throws ExotelError a retryable one while the recording may still come.
 */
async function addressOf(
	connection: AccountConnection,
	source: RecordingSource,
	options: RequestOptions,
): Promise<string> {
	if ('url' in source) return source.url;
	const { sid, likely } = source;
	const { url } = await findRecording(
		connection.account,
		{ sid },
		{ api: 'auto', likely },
		connection.sendOptions(options),
	);
	return url;
}
