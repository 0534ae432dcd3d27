/**
 * A recording on its way into a file: written beside its final name and renamed when complete, so that nobody ever
 * finds half a recording under the name they asked for. Four hours of sound never have to fit into memory.
 */
import { randomBytes } from 'node:crypto';
import { createWriteStream, promises as fs } from 'node:fs';
import { dirname } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { inputError, tooLargeError } from '../../exotel/index';

/** As much of the file as is needed to tell sound from an error page. */
const HEAD_BYTES = 4096;

/** Where a recording is being written to. */
export interface RecordingFile {
	/**
	 * Makes the folder and the file, so that a bad name is known before anything is fetched. Rejects with an `input`
	 * error.
	 */
	open(): Promise<void>;
	/** Takes the bytes of one answer, in place of whatever an earlier try left; resolves with how the file begins. */
	fill(bytes: Readable, mostBytes: number): Promise<Uint8Array>;
	/** Gives the file its name; resolves with its size in bytes. */
	keep(): Promise<number>;
	/** Removes what was written; gives the disk's own reason when it was the disk that failed. Never rejects. */
	discard(): Promise<Error | null>;
}

/** What the disk says, without the folders of the machine. */
function diskError(reason: unknown): Error {
	const code = (reason as { code?: string }).code ?? 'unknown reason';
	return inputError(
		[{ field: 'filename', rule: 'file', message: `File: it cannot be written there (${code}).` }],
		'Check the folder, its permissions and the free space.',
	);
}

/** Prepares the file `target`; its folder is made when it is missing. */
export function recordingFile(target: string): RecordingFile {
	const partial = `${target}.${randomBytes(6).toString('hex')}.part`;
	let fault: Error | null = null;
	return {
		async open() {
			try {
				await fs.mkdir(dirname(target), { recursive: true });
				// Two people talk in it: for the owner of the process only.
				await fs.writeFile(partial, '', { mode: 0o600 });
			} catch (reason) {
				throw diskError(reason);
			}
			if ((await fs.stat(target).catch(() => null))?.isDirectory() !== true) return;
			await fs.rm(partial, { force: true });
			throw diskError({ code: 'EISDIR' });
		},
		async fill(bytes, mostBytes) {
			let size = 0;
			let head = Buffer.alloc(0);
			const watch = new Transform({
				transform(chunk: Buffer, _encoding, next) {
					size += chunk.length;
					if (head.length < HEAD_BYTES)
						head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)]);
					if (size > mostBytes) next(tooLargeError(mostBytes));
					else next(null, chunk);
				},
			});
			const disk = createWriteStream(partial);
			disk.once('error', (reason: NodeJS.ErrnoException) => {
				// A network failure ends the file too, with that failure; only the disk's own errors name a system
				// call.
				if (reason.syscall === 'open' || reason.syscall === 'write') fault = diskError(reason);
			});
			await pipeline(bytes, watch, disk);
			return new Uint8Array(head);
		},
		async keep() {
			try {
				await fs.rename(partial, target);
				return (await fs.stat(target)).size;
			} catch (reason) {
				throw diskError(reason);
			}
		},
		async discard() {
			await fs.rm(partial, { force: true }).catch(() => undefined);
			return fault;
		},
	};
}
