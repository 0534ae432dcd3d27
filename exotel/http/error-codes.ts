/**
 * Exotel's own error codes and what they mean to a user. Classified by code, not by HTTP status, because the table
 * lists 10706 under two of them. Source: seed 001 (tables of both v2 pages), facts 1.6. Codes that are not
 * here are passed on with the kind of their HTTP status.
 */

import type { ErrorKind, HelpEntry } from '../errors';

/** What one of Exotel's codes means. */
export interface CodeMeaning {
	kind: ErrorKind;
	/** What the user can do about it. */
	hint: string;
	/** Its entry of docs/troubleshooting.md, where that of the kind says less. */
	help?: HelpEntry;
}

const wrongKey: CodeMeaning = { kind: 'auth', hint: 'Check the API key and API token of the account.' };
const noSuchCall: CodeMeaning = {
	kind: 'not-found',
	help: 'v1-or-v2',
	hint: 'Check the call SID. A call placed with the v1 API (two numbers, or a flow) cannot be read with the v2 API.',
};
const deviceBusy: CodeMeaning = {
	kind: 'busy',
	hint: 'The agent is on another call. Try again when the agent is free, or choose another agent.',
};
const unverified: CodeMeaning = {
	kind: 'forbidden',
	help: 'agent-phone',
	hint: "Verify the agent's phone in the Exotel dashboard (Users) first.",
};
const internal: CodeMeaning = {
	kind: 'exotel',
	hint: "Exotel has a problem of its own. Try again later; if it persists, give the code to Exotel's support.",
};

const meanings: Record<string, CodeMeaning> = {
	1001: { kind: 'input', hint: 'Fill in the account SID.' },
	1002: { kind: 'input', hint: 'Recording channels must be single or dual.' },
	1010: wrongKey,
	1012: { kind: 'busy', hint: "The agent's phone is not available now. Try again later, or choose another agent." },
	1017: { kind: 'region', hint: 'Check the account SID.' },
	1021: noSuchCall,
	1022: noSuchCall,
	3043: noSuchCall,
	3044: noSuchCall,
	3045: noSuchCall,
	10702: {
		kind: 'not-found',
		help: 'agent-phone',
		hint:
			'No user of your Exotel account has this phone or SIP address. Add it in the Exotel ' +
			'dashboard (Users), or use another one.',
	},
	10703: {
		kind: 'busy',
		hint: "The agent's phone is switched off in Exotel. The agent has to turn it on, or choose another agent.",
	},
	10705: unverified,
	10706: deviceBusy,
	10712: {
		kind: 'forbidden',
		help: 'sip',
		hint:
			'Calls to SIP addresses are not enabled for your account. Ask Exotel to enable them, or use ' +
			'a phone number.',
	},
	10716: {
		kind: 'not-found',
		help: 'exophone',
		hint: 'This ExoPhone does not belong to your account. Pick one of the ExoPhones of your account.',
	},
	10717: {
		kind: 'forbidden',
		help: 'dnd',
		hint:
			'The number is on the do-not-disturb list. It may only be called for a transaction the ' +
			'customer knows of.',
	},
	10725: unverified,
	10731: {
		kind: 'not-found',
		help: 'agent-phone',
		hint:
			'No user of your Exotel account has this ID. Copy it from the Exotel dashboard (Users), or ' +
			"give the agent's phone instead.",
	},
	10806: {
		kind: 'not-found',
		help: 'agent-phone',
		hint: 'This user has no phone in Exotel. Add one in the Exotel dashboard (Users).',
	},
	340030: {
		kind: 'forbidden',
		help: 'kyc',
		hint: "Your Exotel account has to complete its KYC verification first. Exotel's message says how.",
	},
	35008: { kind: 'exotel', hint: 'Exotel is overloaded or in maintenance. Try again later.' },
};

for (const code of [1100, 1101, 1200, 1203, 1300, 1500, 1600, 1601, 1800, 3040, 3042, 3046, 3075, 3080, 4060])
	meanings[code] = internal;

/** What a code means, or undefined when no source names it. */
export function meaningOfCode(code: string | null): CodeMeaning | undefined {
	return code !== null && Object.hasOwn(meanings, code) ? meanings[code] : undefined;
}

/** All codes that have a meaning here, smallest first. */
export const knownErrorCodes: readonly string[] = Object.keys(meanings);
