/** What every operation does with its input: parse, check pairs of fields, name everything that is wrong. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type FieldSet, perform, type Operation } from '../../../exotel/index';
import { integer, phone, phones, text, toggle } from '../../../exotel/fields/field';
import { readingRequest } from '../../../exotel/http/request';
import {
	checkedValues,
	checkInput,
	defineOperation,
	different,
	oneOf,
	type Check,
} from '../../../exotel/operations/operation';
import { answer, brokenRules, refused, runs, singapore } from '../samples';
import { options, scripted } from '../scripted-transport';

const fields = {
	from: phone({ label: 'From (rings first)', description: '', example: '+919812345678', required: true }),
	to: phone({ label: 'To (rings second)', description: '', example: '+918012345678' }),
	others: phones({ label: 'Others', description: '', example: '+918012345678', maxItems: 3 }),
	flowId: text({ label: 'Flow ID', description: '', example: '926', pattern: { form: /^\d+$/, rule: 'is digits' } }),
	flowUrl: text({ label: 'Flow URL', description: '', example: 'http://a' }),
	seconds: integer({ label: 'Seconds', description: '', example: 3, min: 1, dependsOn: 'record' }),
	record: toggle({ label: 'Record', description: '', default: false }),
};
type Name = keyof typeof fields;
const from = '+919812345678';

function violationsOf(checks: readonly Check<Name>[], input: object) {
	return checkInput(fields, { from, ...input }, { rules: singapore, checks }).violations;
}

describe('two fields that must differ', () => {
	const check = different<Name>('from', 'to');

	it('are refused when they hold the same number, in any form', () => {
		assert.deepEqual(violationsOf([check], { to: '098123 45678' }), [
			{
				field: 'to',
				rule: 'different',
				message: 'From and To are the same number. Exotel would drop the call at once.',
				other: 'from',
			},
		]);
	});

	it('are accepted when they differ or one is blank', () => {
		for (const to of ['+918012345678', '', undefined]) assert.deepEqual(violationsOf([check], { to }), []);
		assert.deepEqual(
			checkInput(fields, {}, { rules: singapore, checks: [check] }).violations.map(({ rule }) => rule),
			['required'],
			'two blanks are not the same number',
		);
	});
});

describe('exactly one of two fields', () => {
	const check = oneOf<Name>('flowId', 'flowUrl', 'Fill in the flow.');

	it('is accepted', () => {
		assert.deepEqual(violationsOf([check], { flowId: '926' }), []);
		assert.deepEqual(violationsOf([check], { flowUrl: 'http://a' }), []);
	});

	it('is neither none nor both', () => {
		assert.deepEqual(violationsOf([check], {}), [
			{ field: 'flowId', rule: 'required', message: 'Flow ID is missing. Fill in the flow.', other: 'flowUrl' },
		]);
		assert.deepEqual(violationsOf([check], { flowId: '926', flowUrl: 'http://a' }), [
			{
				field: 'flowUrl',
				rule: 'one-of',
				message: 'Fill in either Flow ID or Flow URL, not both.',
				other: 'flowId',
			},
		]);
	});

	it('is not missing when it was filled in but is wrong', () => {
		assert.deepEqual(
			violationsOf([check], { flowId: 'x' }).map(({ field, rule }) => `${field}: ${rule}`),
			['flowId: pattern'],
		);
	});
});

describe('checking an input', () => {
	it('gives every value in its one form and leaves blanks out', () => {
		const input = { from: '098123 45678', to: ' ', others: '8012345678; 8012345679', seconds: '5', record: 'yes' };
		assert.deepEqual(checkedValues(fields, input, { rules: singapore }), {
			from,
			others: ['+918012345678', '+918012345679'],
			seconds: 5,
			record: true,
		});
	});

	it('reads numbers by the country it is given', () => {
		const rules = { defaultCountry: 'SG', timeZone: 'UTC' };
		assert.equal(checkedValues(fields, { from: '6123 4567' }, { rules }).from, '+6561234567');
	});

	it('names everything that is wrong at once, fields before pairs of fields', () => {
		const check: Check<Name> = ({ values, isFaulty }) => {
			assert.deepEqual(
				[values.flowId, values.to, isFaulty('flowId'), isFaulty('to')],
				[undefined, from, true, false],
			);
			return [{ field: 'to', rule: 'made-up', message: 'A sentence of the check.' }];
		};
		const input = { from: '', to: from, others: ['x', from, 'y'], flowId: 'x', seconds: 3 };
		const error = refused(() => checkedValues(fields, input, { rules: singapore, checks: [check] }));
		assert.deepEqual(brokenRules(error), [
			'from: required',
			'others[0]: phone',
			'others[2]: phone',
			'flowId: pattern',
			'seconds: depends-on',
			'to: made-up',
		]);
		assert.match(
			error.message,
			/^From \(rings first\) is missing\..* \(and 5 more: others\[0\], others\[2\], flowId/,
		);
	});

	it('takes anything for an input', () => {
		const property = fc.property(fc.anything(), (input) => {
			const { violations } = checkInput(fields, input as object, { rules: singapore });
			for (const { field, rule, message } of violations) assert.ok(field !== '' && rule !== '' && message !== '');
		});
		fc.assert(property, runs);
		for (const input of [null, undefined, 7, 'text', []]) {
			assert.deepEqual(
				checkInput(fields, input as unknown as object, { rules: singapore }).violations.map(
					({ field }) => field,
				),
				['from'],
			);
		}
	});

	it('changes nothing in the input', () => {
		const input = Object.freeze({ from, others: Object.freeze(['8012345678']), seconds: 3 });
		checkInput(fields, input, { rules: singapore });
		assert.deepEqual(input, { from, others: ['8012345678'], seconds: 3 });
	});
});

describe('an operation', () => {
	const made: { values: unknown; fields: FieldSet }[] = [];
	const operation = defineOperation({
		name: 'madeUp',
		fields,
		checks: [different('from', 'to')],
		request(account, values, given) {
			made.push({ values, fields: given });
			return readingRequest(`https://api.exotel.com/${account.sid}/${values.from}`);
		},
		read: (response, account) => `${response.status} ${account.sid}`,
	});

	it('writes its request from checked values only', () => {
		assert.equal(operation.request(singapore, { from: '9812345678' }).url, `https://api.exotel.com/acme1/${from}`);
		assert.deepEqual(made.pop(), { values: { from }, fields });
		assert.deepEqual(brokenRules(refused(() => operation.request(singapore, { from, to: from }))), [
			'to: different',
		]);
		assert.equal(made.length, 0);
	});

	it('brings back its result, the decoded response, the status and how often it was sent', async () => {
		const { transport } = scripted(answer('', 503), answer('{"a":1}'));
		const given = options(transport);
		const ending = perform<typeof fields, string>(operation, singapore, { from }, given);
		await given.clock.finish();
		assert.deepEqual(await ending, { result: '200 acme1', raw: { a: 1 }, httpStatus: 200, attempts: 2 });
	});

	it('may have no fields and no checks', () => {
		const bare: Operation<FieldSet, null> = defineOperation({
			name: 'bare',
			fields: {},
			request: (account) => readingRequest(account.sid),
			read: () => null,
		});
		assert.equal(bare.request(singapore, {}).url, 'acme1');
	});
});
