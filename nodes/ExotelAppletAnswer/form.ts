/**
 * The form of the Exotel Applet Answer node, and the input it gives.
 */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { connectAnswerFields, gatherAnswerFields, greetingAnswerFields, menuDigits, namesOf } from '../../exotel';
import type { AnswerInput, AnswerKind } from '../../exotel';
import { collection, parameter, parameters } from '../host/parameters';
import { optionalNames, optionalProperties, property } from '../host/property';

const showFor = (kind: AnswerKind) => ({ show: { answer: [kind] } });

const kinds: Array<{ name: string; value: AnswerKind; description: string }> = [
	{ name: 'Connect', value: 'connect', description: 'Connect the caller to one or more destinations' },
	{ name: 'Connect Nobody', value: 'nobody', description: 'Go on with "didn\'t dial anyone" in the flow' },
	{ name: 'Gather', value: 'gather', description: 'Ask the caller to press keys' },
	{ name: 'Greeting', value: 'greeting', description: 'Say or play something to the caller' },
	{ name: 'Own JSON', value: 'own', description: 'For fields this form does not have' },
	{
		name: 'Passthru Branch',
		value: 'branch',
		description: 'Take the first or the second branch of a Passthru applet',
	},
	{ name: 'Switch Case', value: 'case', description: 'Name the case of a Switch Case applet behind a Passthru' },
];

/** All fields of the form. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Answer',
		name: 'answer',
		type: 'options',
		noDataExpression: true,
		options: kinds,
		default: 'connect',
	},
	property(connectAnswerFields, 'destinations', { displayOptions: showFor('connect') }),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: showFor('connect'),
		options: optionalProperties(connectAnswerFields),
	},
	property(gatherAnswerFields, 'promptText', { displayOptions: showFor('gather') }),
	property(gatherAnswerFields, 'maxDigits', { displayOptions: showFor('gather'), default: menuDigits }),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: showFor('gather'),
		options: optionalProperties(
			gatherAnswerFields,
			optionalNames(gatherAnswerFields).filter((name) => name !== 'maxDigits'),
		),
	},
	...namesOf(greetingAnswerFields).map((name) =>
		property(greetingAnswerFields, name, { displayOptions: showFor('greeting') }),
	),
	{
		displayName: 'JSON',
		name: 'own',
		type: 'json',
		default: '{\n  "destination": { "numbers": ["+919812345678"] }\n}',
		required: true,
		displayOptions: showFor('own'),
		description:
			'The answer as Exotel documents it; for a Greeting, what is read out. It is checked before it is sent.',
	},
	{
		displayName: 'Branch',
		name: 'branch',
		type: 'options',
		displayOptions: showFor('branch'),
		options: [
			{ name: 'First', value: 'first', description: 'The branch Exotel takes for the answer 200' },
			{ name: 'Second', value: 'second', description: 'The branch Exotel takes for the answer 302' },
		],
		default: 'first',
	},
	{
		displayName: 'Case',
		name: 'caseName',
		type: 'string',
		default: '',
		required: true,
		displayOptions: showFor('case'),
		placeholder: 'e.g. premium',
		description: 'Exactly as the case is named in the Switch Case applet, capitals included',
	},
];

/** The input of the answer. Parameters of other kinds of answer are not shown and stay blank. */
export function answerInput(functions: IExecuteFunctions): AnswerInput {
	return {
		kind: parameter(functions, 'answer', 0),
		connect: {
			...collection(functions, 'options', 0),
			destinations: parameter(functions, 'destinations', 0),
		},
		gather: { ...collection(functions, 'options', 0), ...parameters(functions, ['promptText', 'maxDigits'], 0) },
		greeting: parameters(functions, namesOf(greetingAnswerFields), 0),
		branch: parameter(functions, 'branch', 0),
		caseName: parameter(functions, 'caseName', 0),
		own: parameter(functions, 'own', 0),
	};
}
