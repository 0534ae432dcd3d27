/**
 * The vendor's own samples as fixtures, character by character as printed in the seed their name tells. Only what is a
 * placeholder there is filled in on loading: `<your_sid>` and, for requests, the digits printed as X.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { ExotelError, readAccount, type Account, type HttpResponse } from '../../exotel/index';

const folder = path.join(__dirname, '..', 'fixtures', 'exotel', 'api');

/** Few under mutation tests, which run each test thousands of times. */
const dailyRuns = process.env.MUTATION !== undefined ? 25 : 200;
/** How often a property is tried: many times at night. */
export const propertyRuns = process.env.NIGHTLY !== undefined ? 10_000 : dailyRuns;

/** The same as options of fast-check. */
export const runs = { numRuns: propertyRuns };

// Many runs take longer than a test usually may.
if (process.env.NIGHTLY !== undefined) {
	beforeEach(function () {
		this.currentTest?.timeout(600_000);
	});
}

/** A fixture with the account's SID in place. */
export function sample(name: string): string {
	return fs.readFileSync(path.join(folder, name), 'utf8').replaceAll('<your_sid>', 'acme1').trim();
}

/** A masked number with its X filled in by one digit, so that it can be dialled. */
export function unmasked(text: string, digit = '7'): string {
	return text.replaceAll(/X+/g, (masked, at: number) => {
		const besideDigit = /\d/.test(text.charAt(at - 1) + text.charAt(at + masked.length));
		return besideDigit ? digit.repeat(masked.length) : masked;
	});
}

/** An answer of Exotel. */
export function answer(body: string | Uint8Array, status = 200, headers: Record<string, string> = {}): HttpResponse {
	return { status, headers, body };
}

/** An account in Singapore. */
export const singapore: Account = readAccount({ region: 'singapore', sid: 'acme1' });
/** An account in Mumbai. */
export const mumbai: Account = readAccount({ region: 'mumbai', sid: 'acme1' });
/** An account on a host of its own. */
export const custom: Account = readAccount({ baseUrl: 'http://127.0.0.1:4010', sid: 'acme1' });

/** Runs something that must be refused and hands back the error. */
export function refused(run: () => unknown): ExotelError {
	try {
		run();
	} catch (thrown) {
		assert.ok(thrown instanceof ExotelError, `not an ExotelError: ${String(thrown)}`);
		return thrown;
	}
	return assert.fail('nothing was thrown');
}

/** The fields and rules of an input error, in order. */
export function brokenRules(error: ExotelError): string[] {
	assert.equal(error.kind, 'input');
	for (const { message } of error.violations)
		assert.match(message, /^[A-Z].{15,}/s, 'every broken rule is a sentence');
	return error.violations.map(({ field, rule }) => `${field}: ${rule}`);
}
