/**
 * What a caller gets when the workflow does not answer in time, and what Exotel's Fallback URL gets at once: the
 * destinations or the branch the user fixed beforehand. It always leads to an answer that Exotel accepts.
 */

import type { INodeProperties } from 'n8n-workflow';

import { connectAnswer, nobodyAnswer, passthruAnswer } from '../../exotel';
import type { AppletAnswer } from '../../exotel';

/** The fixed answer, as plain data: it travels with the question to the answering node. */
export interface Fallback {
	applet: 'connect' | 'passthru';
	version: '1.0' | '1.1';
	/** Whom to call; nobody when empty. */
	destinations: string[];
	/** Branch of a Passthru applet. */
	branch: 'a' | 'b';
	defaultCountry: string;
}

/** Fields in which the user fixes the fallback. */
export const fallbackProperties: INodeProperties[] = [
	{
		displayName: 'Fallback Destinations',
		name: 'fallbackDestinations',
		type: 'string',
		default: '',
		placeholder: 'e.g. +919812345678, sip:agent1',
		displayOptions: { show: { applet: ['connect'] } },
		description:
			'Who is called when the workflow fails or is too slow, separated by commas. Without anybody, ' +
			'Exotel goes on with "didn\'t dial anyone" in your flow.',
	},
	{
		displayName: 'Fallback Branch',
		name: 'fallbackBranch',
		type: 'options',
		displayOptions: { show: { applet: ['passthru'] } },
		options: [
			{ name: 'First Branch', value: 'a', description: 'The one Exotel takes for the answer 200' },
			{ name: 'Second Branch', value: 'b', description: 'The one Exotel takes for the answer 302' },
		],
		default: 'b',
		description: 'How the call goes on when the workflow fails or is too slow',
	},
];

/** Numbers as the user typed them into one field. */
export function destinationsOf(written: string): string[] {
	return written
		.split(/[,;\n]+/)
		.map((text) => text.trim())
		.filter((text) => text !== '');
}

/**
 * The fixed answer. @throws ExotelError of kind `input` when a destination is not valid
 */
export function checkedFallbackAnswer({
	applet,
	version,
	destinations,
	branch,
	defaultCountry,
}: Fallback): AppletAnswer {
	if (applet === 'passthru') return passthruAnswer(branch === 'a');
	if (destinations.length === 0) return nobodyAnswer(version);
	return connectAnswer(version, { destinations }, { defaultCountry });
}

/**
 * The fixed answer without the destinations the asking applet does not take (a SIP address in Connect 1.0), or "nobody"
 * where none is left: a caller is never left without an answer.
 */
export function fallbackAnswer(fallback: Fallback): AppletAnswer {
	const answerTo = (destinations: string[]) => {
		try {
			return checkedFallbackAnswer({ ...fallback, destinations });
		} catch {
			return null;
		}
	};
	const usable = () => fallback.destinations.filter((destination) => answerTo([destination]) !== null);
	return answerTo(fallback.destinations) ?? answerTo(usable()) ?? nobodyAnswer(fallback.version);
}
