/**
 * What a caller gets when the flow gives no answer, as the form of the applet node says. It is built once, when the
 * node is made, so that a fault in it is seen at deploy and not when somebody rings.
 */
import {
	connectAnswer,
	ExotelError,
	nobodyAnswer,
	passthruAnswer,
	switchCaseAnswer,
	type AppletAnswer,
	type AppletRequest,
} from '../../exotel/index';
import { text, type Config } from '../host';
import { answerVersion } from './checked-answer';

/** The answers of a node that its flow did not give. */
export interface Fallback {
	for(question: AppletRequest): AppletAnswer;
	/** What is wrong with the form; the fallback is then "ring nobody", or the second branch. */
	fault: unknown;
}

/** Exotel asks the applet's own *Fallback URL* when the answer is not a 200 (seed 002). */
const askFallbackUrl: AppletAnswer = {
	httpStatus: 503,
	headers: { 'content-type': 'text/plain' },
	body: 'No answer from the flow; use the fallback URL.',
};

/** Reads the fallback of a node. Never throws. */
export function readFallback(config: Config, defaultCountry: string): Fallback {
	let fault: unknown = null;
	const attempt = (
		build: () => AppletAnswer,
		otherwise: AppletAnswer,
		tolerates: (reason: unknown) => boolean = () => false,
	): AppletAnswer => {
		try {
			return build();
		} catch (reason) {
			if (!tolerates(reason)) fault ??= reason;
			return otherwise;
		}
	};
	const connect = (version: '1.0' | '1.1'): AppletAnswer => {
		const kind = text(config, 'fallback', 'nobody');
		if (kind === 'url') return askFallbackUrl;
		if (kind !== 'numbers') return nobodyAnswer(version);
		// A SIP address is right for 1.1 and has no words in 1.0: the older applet then rings nobody.
		return attempt(
			() =>
				connectAnswer(version, { destinations: text(config, 'fallbackNumbers') as never }, { defaultCountry }),
			nobodyAnswer(version),
			isOnlyVersion,
		);
	};
	const answers = { '1.0': connect('1.0'), '1.1': connect('1.1') };
	const branch = text(config, 'fallbackBranch', 'second');
	const passthru =
		branch === 'case'
			? attempt(() => switchCaseAnswer(text(config, 'fallbackCase')), passthruAnswer(false))
			: passthruAnswer(branch === 'first');
	return { fault, for: (question) => (question.kind === 'passthru' ? passthru : answers[answerVersion(question)]) };
}

function isOnlyVersion(reason: unknown): boolean {
	return (
		reason instanceof ExotelError &&
		reason.violations.length > 0 &&
		reason.violations.every((violation) => violation.rule === 'version')
	);
}
