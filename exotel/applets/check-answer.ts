/**
 * Checks a Connect or Gather answer that a user wrote as raw JSON, with the compiled JSON Schema of what was requested:
 * what fails here Exotel would drop, and try the fallback address or dial nobody (seed 002).
 */
import type { Violation } from '../errors';
import { parseJson } from '../json';
import validate10 from '../schemas/connect-1.0.generated';
import validate11 from '../schemas/connect-1.1.generated';
import validateGather from '../schemas/gather-1.0.generated';
import type { ConnectVersion } from './answer';

/** What an answer is checked against: a version of Connect, or Gather. */
export type AnswerForm = ConnectVersion | 'gather';

const validators = { '1.0': validate10, '1.1': validate11, gather: validateGather } as const;

type Failure = NonNullable<(typeof validate10)['errors']>[number];

/** `/destination/numbers/1` → `destination.numbers[1]`. */
function fieldOf(failure: Failure): string {
	const parts = failure.instancePath
		.split('/')
		.slice(1)
		.map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
	if (failure.keyword === 'required') parts.push(String(failure.params['missingProperty']));
	const path = parts.map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`)).join('');
	return path.replace(/^\./, '') || 'answer';
}

function sentence(field: string, failure: Failure): string {
	const { params } = failure;
	switch (failure.keyword) {
		case 'required':
			return `“${field}” is missing.`;
		case 'type':
			return `“${field}” must be of the type ${String(params['type'])}.`;
		case 'minimum':
			return `“${field}” must be at least ${String(params['limit'])}.`;
		case 'maximum':
			return `“${field}” must be at most ${String(params['limit'])}.`;
		case 'enum':
			return `“${field}” must be one of: ${(params['allowedValues'] as unknown[]).join(', ')}.`;
		case 'anyOf':
			return `“${field}” needs a text or an audio_url.`;
		case 'not':
			return `“${field}” holds a web address, which would be read out letter by letter. Put it into audio_url.`;
		default:
			return `“${field}” does not have the form Exotel expects${formHint(field)}.`;
	}
}

function formHint(field: string): string {
	if (/numbers|contact_uri|phone_number/.test(field)) return ': a number in E.164, for example +919876543210';
	if (/url/.test(field) || field.startsWith('music_on_hold'))
		return ': a web address that starts with http:// or https://';
	return field === 'finish_on_key' ? ': one key (#, * or a digit), or an empty text' : '';
}

/**
 * Every rule that an answer of this form breaks: path in the answer, name of the rule, sentence for the user.
 * Empty when Exotel will take it. `body` is JSON text or the object itself; keys Exotel does not document are let
 * through.
 */
export function checkAnswer(form: AnswerForm, body: unknown): Violation[] {
	let value = body;
	if (typeof body === 'string') {
		try {
			value = parseJson(body);
		} catch {
			return [
				{
					field: 'answer',
					rule: 'json',
					message: 'The answer is not valid JSON. Check the quotes and commas.',
				},
			];
		}
	}
	const validate = validators[form];
	if (validate(value)) return [];
	// A condition, or one side of an alternative, says nothing beside the rule it belongs to.
	const failures = (validate.errors ?? []).filter(
		({ keyword, schemaPath }) => keyword !== 'if' && !schemaPath.includes('/anyOf/'),
	);
	return failures.map((failure) => {
		const field = fieldOf(failure);
		return { field, rule: failure.keyword, message: sentence(field, failure) };
	});
}
