/**
 * From the form's values to the answer Exotel gets.
 */

import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { checkAnswer, connectAnswer, inputError, nobodyAnswer, passthruAnswer, switchCaseAnswer } from '../../exotel';
import type { AppletAnswer } from '../../exotel';
import type { Fallback } from '../ExotelAppletTrigger/fallback';
import { destinationsOf } from '../ExotelAppletTrigger/fallback';
import { flatName, optionalInputs } from './form';

const answersOf = { connect: ['connect', 'nobody', 'json'], passthru: ['passthru', 'switchCase'] };

/**
 * Builds the answer for the question that `fallback` came with.
 * @throws ExotelError of kind `input` with every reason why Exotel would refuse it
 */
export function buildAnswer(functions: IExecuteFunctions, { applet, version, defaultCountry }: Fallback): AppletAnswer {
	const kind = functions.getNodeParameter('answer', 0) as string;
	if (!answersOf[applet].includes(kind)) {
		throw inputError(
			[
				{
					field: 'answer',
					rule: 'applet',
					message:
						`The question came from a ${applet === 'connect' ? 'Connect' : 'Passthru'} applet; this ` +
						'answer is for the other kind.',
				},
			],
			'Choose an answer for this applet, or correct "Applet" in the Exotel Applet Trigger.',
		);
	}
	switch (kind) {
		case 'nobody':
			return nobodyAnswer(version);
		case 'passthru':
			return passthruAnswer(functions.getNodeParameter('branch', 0) === 'a');
		case 'switchCase':
			return switchCaseAnswer(functions.getNodeParameter('caseName', 0) as string);
		case 'json':
			return writtenAnswer(functions.getNodeParameter('json', 0), version);
		default:
			return connectAnswer(version, connectInput(functions), { defaultCountry });
	}
}

/** Puts the flat names of the form back to where the core has them. */
function connectInput(functions: IExecuteFunctions): Parameters<typeof connectAnswer>[1] {
	const written = functions.getNodeParameter('destinations', 0) as string | string[];
	const options = functions.getNodeParameter('options', 0, {}) as IDataObject;
	const input: Record<string, unknown> = {
		destinations: Array.isArray(written) ? written : destinationsOf(String(written ?? '')),
	};
	for (const name of optionalInputs) {
		const value = options[flatName(name)];
		if (value === undefined) continue;
		const [outer, inner] = name.split('.') as [string, string | undefined];
		input[outer] = inner === undefined ? value : { ...(input[outer] as object | undefined), [inner]: value };
	}
	return input as unknown as Parameters<typeof connectAnswer>[1];
}

function writtenAnswer(written: unknown, version: Fallback['version']): AppletAnswer {
	let body: unknown = written;
	if (typeof written === 'string') {
		try {
			body = JSON.parse(written);
		} catch {
			body = undefined;
		}
	}
	if (body === undefined) throw inputError([{ field: 'json', rule: 'json', message: 'JSON is not valid JSON.' }]);
	const violations = checkAnswer(version, body);
	if (violations.length > 0) throw inputError(violations);
	return { ...nobodyAnswer(version), body: JSON.stringify(body) };
}
