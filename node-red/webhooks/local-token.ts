/**
 * The webhook token of accounts on a server of this machine, the simulator: an imported flow works with one click,
 * although no export holds a token. It is made once and kept in Node-RED's user directory, for its owner to read.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isOnThisMachine, type Account } from '../../exotel/index';
import { settingOf, type Red } from '../host';

const FILE_NAME = '.exotel-webhook-token';
/** 192 bits. */
const TOKEN_BYTES = 24;
const TOKEN = /^[\w-]{32}$/;

const tokens = new Map<string, string>();

function readToken(file: string): string | null {
	try {
		const written = readFileSync(file, 'utf8').trim();
		return TOKEN.test(written) ? written : null;
	} catch {
		return null;
	}
}

/** The token in the file, made when there is none. A directory that cannot be written to has one until the restart. */
function tokenIn(file: string): string {
	const kept = readToken(file);
	if (kept !== null) return kept;
	const made = randomToken();
	try {
		writeFileSync(file, `${made}\n`, { mode: 0o600 });
	} catch {
		return made;
	}
	return readToken(file) ?? made;
}

function localToken(RED: Red): string {
	const userDir = settingOf(RED, 'userDir');
	const file = join(typeof userDir === 'string' ? userDir : '', FILE_NAME);
	const token = tokens.get(file) ?? (typeof userDir === 'string' ? tokenIn(file) : randomToken());
	tokens.set(file, token);
	return token;
}

function randomToken(): string {
	return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** The webhook token an account works with: its own, else that of this machine when its server is here, else blank. */
export function webhookTokenOf(RED: Red, account: Account | null, own = ''): string {
	if (own !== '') return own;
	return account !== null && isOnThisMachine(account) ? localToken(RED) : '';
}
