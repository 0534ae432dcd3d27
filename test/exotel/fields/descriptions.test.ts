/** Field descriptions: complete, in plain words, and the very rules by which requests are checked. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
	checkField,
	connectAnswerFields,
	gatherAnswerFields,
	greetingAnswerFields,
	connectNumbers,
	downloadRecording,
	ExotelError,
	type FieldDescription,
	type FieldSet,
	namesOf,
	type Operation,
} from '../../../exotel/index';
import { isBlank } from '../../../exotel/fields/parse-value';
import { allOperations } from '../operations/all-operations';
import { runs, singapore } from '../samples';

const fieldSets: Readonly<Record<string, FieldSet>> = {
	...Object.fromEntries(allOperations.map(({ name, fields }) => [name, fields])),
	connectAnswer: connectAnswerFields,
	gatherAnswer: gatherAnswerFields,
	greetingAnswer: greetingAnswerFields,
};

/** What is wrong, in words. */
const sentence = (verdict: ReturnType<typeof checkField>): string => (verdict === true ? '' : verdict.message);

/** Everything a form shows, in plain words. */
function checkDescription(fields: FieldSet, name: string, where: string): void {
	const field = fields[name] as FieldDescription;
	assert.match(name, /^[a-z][A-Za-z]*$/, where);
	assert.match(field.label, /^[A-Z]/, where);
	assert.match(field.description, /^[A-Z].*\.$/s, where);
	const { length } = field.description;
	assert.ok(length >= 20 && length <= 300, `${where}: ${length} characters`);
	assert.equal(checkField(fields, name, field.example), true, `${where}: its own example`);
	if (field.default !== undefined && !isBlank(field.default)) {
		assert.equal(checkField(fields, name, field.default), true, `${where}: its own default`);
	}
	assert.equal(field.kind.includes('choice'), field.options !== undefined, where);
	for (const option of field.options ?? []) {
		assert.equal(checkField(fields, name, option.value), true, where);
		assert.ok(option.label.length > 0 && /\.$/.test(option.description), `${where}.${option.value}`);
	}
	if (field.dependsOn !== undefined) assert.ok(field.dependsOn in fields, where);
	if (field.kind === 'integer') assert.notEqual(field.min, undefined, where);
	if (field.required) assert.match(sentence(checkField(fields, name, '')), / is missing\. Example: ./);
	else assert.equal(checkField(fields, name, ''), true);
	// Exotel's own names stay inside the core.
	const words = `${field.label} ${field.description}`;
	assert.ok(!/CallerId|virtual_number|TimeOut|StatusCallback[A-Z]/.test(words), where);
}

/** What a request of the operation needs at least. */
function minimalInput({ name, fields }: Operation<FieldSet, unknown>): Record<string, unknown> {
	const required = Object.entries(fields).filter(([, field]) => field.required);
	const input = Object.fromEntries(required.map(([key, field]) => [key, field.example]));
	if (name === 'connectFlow') input.flowId = '926';
	if (name === 'connectAgent') input.agentId = 'a';
	return input;
}

describe('field descriptions', () => {
	it('exist for every request', () => {
		assert.equal(new Set(allOperations.map(({ name }) => name)).size, allOperations.length);
	});

	for (const [operation, fields] of Object.entries(fieldSets)) {
		it(`say all a form needs: ${operation}`, () => {
			for (const name of namesOf(fields)) checkDescription(fields, name, `${operation}.${name}`);
		});
	}

	it('refuse in a form exactly what the request refuses', () => {
		const anyValue = fc.oneof(
			fc.anything(),
			fc.string(),
			fc.integer(),
			fc.boolean(),
			fc.webUrl(),
			fc.date({ noInvalidDate: true }),
		);
		const withFields = allOperations.filter(({ fields }) => namesOf(fields).length > 0);
		const check = (operation: Operation<FieldSet, unknown>, pick: number, value: unknown): void => {
			const names = namesOf(operation.fields);
			const name = names[pick % names.length] as string;
			const verdict = checkField(operation.fields, name, value, singapore);
			try {
				operation.request(singapore, { ...minimalInput(operation), [name]: value });
				assert.equal(verdict, true);
			} catch (thrown) {
				assert.ok(thrown instanceof ExotelError && thrown.kind === 'input', String(thrown));
				if (operation.name === downloadRecording.name) return;
				const own = thrown.violations.find(
					({ field, rule }) =>
						field.replace(/\[\d+\]$/, '') === name && !['depends-on', 'one-of', 'different'].includes(rule),
				);
				// Two fields that exclude each other are no fault of either alone.
				if (own !== undefined && !(name === 'flowId' && verdict === true))
					assert.equal(sentence(verdict), own.message);
			}
		};
		fc.assert(fc.property(fc.constantFrom(...withFields), fc.nat(), anyValue, check), runs);
	});

	it("are checked by the account's own country and zone", () => {
		assert.equal(
			sentence(checkField(connectNumbers.fields, 'to', '6123 4567')),
			'To (rings second) is not a phone number. Write it with country code, or as it is dialled in ' +
				'your country. Example: +918012345678',
		);
		const rules = { defaultCountry: 'SG', timeZone: 'Asia/Singapore' };
		assert.equal(checkField(connectNumbers.fields, 'to', '6123 4567', rules), true);
	});
});
