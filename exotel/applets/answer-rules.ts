/** The answers that have fields, with all their rules but those of one version of the applet. */
import type { Violation } from '../errors';
import type { FieldName } from '../fields/field';
import { fieldRules, oneOf, type CheckContext } from '../operations/operation';
import { connectAnswerFields, type ConnectAnswerFields } from './connect-answer-fields';
import { gatherAnswerFields } from './gather-answer-fields';
import { greetingAnswerFields } from './greeting-answer-fields';
import { spokenChecks } from './spoken-words';

type Name = FieldName<ConnectAnswerFields>;

/** A web address belongs to the own sound and to nothing else. */
function musicOnHold({ values, isFaulty }: CheckContext<Name>): Violation[] {
	const { musicOnHold: music, musicOnHoldUrl: address } = values;
	const field = 'musicOnHoldUrl';
	if (music === 'custom_tone' && address === undefined && !isFaulty(field)) {
		const message =
			'Own sound is missing: "Caller hears" is set to it. Example: https://example.com/please-wait.wav';
		return [{ field, rule: 'required', message }];
	}
	if (music === undefined || music === 'custom_tone' || address === undefined) return [];
	const message = 'Own sound is only used when "Caller hears" is set to it. Choose that, or leave the address empty.';
	return [{ field, rule: 'depends-on', message, other: 'musicOnHold' }];
}

/** The rules about several fields of a Connect answer. */
export const connectChecks = [musicOnHold, oneOf<Name>('playbackText', 'playbackUrl')];

/** The answers by their kind. */
export const answerRules = {
	connect: fieldRules('connectAnswer', connectAnswerFields, connectChecks),
	gather: fieldRules('gatherAnswer', gatherAnswerFields, spokenChecks.gather),
	greeting: fieldRules('greetingAnswer', greetingAnswerFields, spokenChecks.greeting),
};
