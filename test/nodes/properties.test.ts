/**
 * The forms of the n8n nodes say what the core checks: every input of every operation, with its words, choices and
 * limits.
 */
import assert from 'node:assert/strict';
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import {
	connectAgent,
	connectAnswerFields,
	gatherAnswerFields,
	greetingAnswerFields,
	connectFlow,
	connectNumbers,
	getCall,
	listCalls,
	lookupNumber,
	namesOf,
	readAccount,
	type FieldSet,
} from '../../exotel';
import { Exotel } from '../../nodes/Exotel/Exotel.node.js';
import { ExotelCompletedCallsTrigger } from '../../nodes/ExotelCompletedCallsTrigger/ExotelCompletedCallsTrigger.node.js';
import { ExotelTrigger } from '../../nodes/ExotelTrigger/ExotelTrigger.node.js';
import { ExotelAppletAnswer } from '../../nodes/ExotelAppletAnswer/ExotelAppletAnswer.node.js';
import { nodeFailure } from '../../nodes/host/failure';
import { property, titleOf } from '../../nodes/host/property';
import { n8nDescriptions } from '../house/pages';
import { node } from './hosted';

const { properties } = new Exotel().description;

/** Everything the form offers for an operation, collections taken apart, by name. */
function offered(all: INodeProperties[], isShown: (shown: INodeProperties) => boolean): Map<string, INodeProperties> {
	const found = new Map<string, INodeProperties>();
	for (const each of all.filter(isShown)) {
		found.set(each.name, each);
		if (each.type === 'collection')
			for (const inner of each.options as INodeProperties[]) found.set(inner.name, inner);
	}
	return found;
}

const ofOperation = (operation: string) =>
	offered(
		properties,
		({ displayOptions }) =>
			(displayOptions?.show?.['operation'] as string[] | undefined)?.includes(operation) === true,
	);

/** Form operation → the core's fields, and the inputs the node fills in itself. */
const operations: [string, FieldSet, string[]][] = [
	['connectNumbers', connectNumbers.fields, []],
	['connectFlow', connectFlow.fields, []],
	['connectAgent', connectAgent.fields, []],
	['get', getCall.fields, []],
	['getMany', listCalls.fields, ['pageSize', 'cursor']],
	['lookup', lookupNumber.fields, []],
];

describe('the forms of the n8n nodes', () => {
	for (const [operation, fields, filledIn] of operations) {
		it(`${operation} offers every input of the core, as the core describes it`, () => {
			const form = ofOperation(operation);
			for (const name of namesOf(fields).filter((each) => !filledIn.includes(each))) {
				const field = fields[name]!;
				const shown = form.get(name);
				assert.ok(shown, `${operation} has no field ${name}`);
				if (shown.type === 'resourceLocator') continue;
				const expected = property(fields, name);
				assert.deepEqual(
					{ label: shown.displayName, description: shown.description, placeholder: shown.placeholder },
					{
						label: titleOf(field.label),
						description: expected.description,
						placeholder: expected.placeholder,
					},
				);
				assert.deepEqual(
					(shown.options as INodePropertyOptions[] | undefined)?.map(({ value }) => value),
					field.options?.map(({ value }) => value),
				);
				assert.deepEqual([shown.typeOptions?.minValue, shown.typeOptions?.maxValue], [field.min, field.max]);
			}
		});
	}

	it('the answer to an applet offers every input of the core', () => {
		const form = offered(new ExotelAppletAnswer().description.properties, () => true);
		for (const fields of [connectAnswerFields, gatherAnswerFields, greetingAnswerFields]) {
			for (const name of namesOf<FieldSet>(fields)) assert.ok(form.has(name), name);
		}
	});

	it('every field has an explanation, every text an example, every choice options', () => {
		const walk = (all: INodeProperties[]): INodeProperties[] =>
			all.flatMap((each) => [
				each,
				...(each.type === 'collection' ? walk(each.options as INodeProperties[]) : []),
			]);
		for (const each of walk(properties)) {
			if (
				['notice', 'collection', 'fixedCollection'].includes(each.type) ||
				['resource', 'operation'].includes(each.name)
			)
				continue;
			const isChoice = each.type === 'options' || each.type === 'multiOptions';
			const explained =
				each.description !== undefined ||
				each.hint !== undefined ||
				(isChoice && (each.options as INodePropertyOptions[]).length > 0);
			assert.ok(explained, `${each.name} has no explanation`);
			if (each.type === 'string') assert.match(each.placeholder ?? '', /^e\.g\. /, `${each.name} has no example`);
			if (isChoice)
				assert.ok((each.options as (INodePropertyOptions | INodePropertyCollection)[]).length > 0, each.name);
			if (each.type === 'boolean') assert.match(each.description!, /^Whether to [a-z]/, each.name);
		}
	});

	it('starts options that filter or limit empty: adding one changes nothing', () => {
		const collections = [new Exotel(), new ExotelTrigger(), new ExotelCompletedCallsTrigger()]
			.flatMap(({ description }) => description.properties)
			.filter(({ type }) => type === 'collection');
		const numbers = collections
			.flatMap(({ options }) => options as INodeProperties[])
			.filter(({ type, name }) => type === 'number' || name === 'outcomes' || name === 'sources');
		assert.ok(numbers.length > 5);
		for (const each of numbers) assert.deepEqual(each.default, each.type === 'number' ? '' : [], each.name);
	});

	it('offers the ExoPhones of the account in every filter that takes one', () => {
		for (const form of [new Exotel(), new ExotelTrigger(), new ExotelCompletedCallsTrigger()]) {
			const filters = form.description.properties.filter(({ name }) => name === 'filters');
			const fields = filters.flatMap(({ options }) => options as INodeProperties[]);
			const exoPhone = fields.find(({ name }) => /^exoPhones?$/.test(name))!;
			assert.equal(exoPhone.modes?.[0]?.typeOptions?.searchListMethod, 'searchExoPhones');
			assert.ok('searchExoPhones' in form.methods.listSearch);
			const account = form.description.credentials?.find(({ name }) => name === 'exotelVoiceApi');
			assert.equal(account?.required, !(form instanceof ExotelTrigger), 'events need no account');
		}
	});

	it('hides its own callback while the node itself waits for the end of the call', () => {
		for (const operation of ['connectNumbers', 'connectFlow', 'connectAgent']) {
			assert.deepEqual(ofOperation(operation).get('statusCallbackUrl')!.displayOptions, {
				show: { '/waitForOutcome': [false] },
			});
		}
	});

	it('names a field in an error as the form does', () => {
		for (const [input, shown] of [
			[{ timeLimitSeconds: 9_000_000 }, 'End the Call After (Seconds)'],
			[{ from: 'nobody' }, 'From (Rings First)'],
		] as const) {
			assert.ok([...ofOperation('connectNumbers').values()].some(({ displayName }) => displayName === shown));
			const given = { from: '+919812345678', to: '+918012345678', exoPhone: '08047112233', ...input };
			assert.throws(
				() => connectNumbers.request(readAccount({ sid: 'demo1' }), given),
				(error) => nodeFailure(node, error).message.startsWith(`${shown} `),
			);
		}
	});

	it('says what a switch does as a sentence: "Whether to", then what is done', () => {
		const descriptions = n8nDescriptions().flatMap(({ properties: all }) => [...offered(all, () => true).values()]);
		const switches = descriptions.filter(({ type }) => type === 'boolean');
		assert.ok(switches.length >= 10);
		const verbs = 'call|go on|have|let|pause|prefer|read|record|return|start';
		const sentence = new RegExp(`^Whether to (?:also |only )?(?:${verbs}) `);
		for (const { name, description = '' } of switches) assert.match(description, sentence, name);
	});

	it('writes titles as n8n does', () => {
		assert.deepEqual(['End the call after (seconds)', 'ExoPhone', "Agent's phone"].map(titleOf), [
			'End the Call After (Seconds)',
			'ExoPhone',
			"Agent's Phone",
		]);
	});
});
