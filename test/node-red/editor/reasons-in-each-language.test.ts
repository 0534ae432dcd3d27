/** What a form says about a wrong value is in the editor's language to its end: no rule is told in English. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { checkField, mostItems, parseAddressList, type FieldDescription } from '../../../exotel/index';
import { pathToFileURL } from 'node:url';

const root = path.resolve(__dirname, '..', '..', '..');
const { ruleText } = createRequire(__filename)('../../../node-red/editor/texts') as {
	ruleText(rule: string, message: string, values: Record<string, unknown>): string;
};

/** What people type, or paste, that is wrong in one kind of field or another. */
const TYPED = [
	...['reception', '12', '-1', '0', '1e9', '1.5', 'a b', 'ß?', 'http://', 'https://a.example/b.mp3', '2026-13-45'],
	Array.from({ length: 1_001 }, (_, index) => `+9198123${String(index).padStart(5, '0')}`).join(','),
];
/** Chosen from lists in a form: nothing wrong can be typed there. */
const isChosen = ({ kind, options }: FieldDescription): boolean => kind === 'boolean' || options !== undefined;

interface LoadedForm {
	sources: Record<string, { fields: Record<string, FieldDescription> }>;
}

function textsOf(language: string): Record<string, string> {
	const file = path.join(root, 'node-red', 'account', 'locales', language, 'exotel-account.json');
	return (JSON.parse(fs.readFileSync(file, 'utf8')) as { form: { rule: Record<string, string> } }).form.rule;
}

describe('the reasons in the forms', () => {
	const global_ = globalThis as { RED?: unknown };
	let broken: { rule: string; message: string; values: Record<string, unknown> }[];

	before(async () => {
		const tools = pathToFileURL(path.join(root, 'tools', 'build', 'forms.mjs')).href;
		const { loadForms } = (await import(tools)) as { loadForms(): Promise<{ forms: LoadedForm[] }> };
		const { forms } = await loadForms();
		const fields = forms.flatMap(({ sources }) =>
			Object.values(sources).flatMap((one) => Object.values(one.fields)),
		);
		broken = fields
			.filter((field) => !isChosen(field))
			.flatMap((field) =>
				['', ...TYPED].flatMap((value) => {
					const result = checkField({ field: { ...field, label: 'LABEL' } }, 'field', value);
					const values = { max: mostItems(field), ...field, label: 'LABEL' };
					return result === true ? [] : [{ ...result, values }];
				}),
			);
		const list = parseAddressList('office', 'allowedAddresses').violations;
		broken.push(
			...list.map((one) => ({ ...one, values: { label: 'LABEL', entry: one.entry, example: '1.2.3.4' } })),
		);
	});
	after(() => delete global_.RED);

	it('are about every rule that can be broken by typing', () => {
		const rules = new Set(broken.map(({ rule }) => rule));
		for (const rule of [
			'required',
			'phone',
			'number',
			'min',
			'max',
			'url',
			'time',
			'pattern',
			'max-items',
			'address',
		])
			assert.ok(rules.has(rule), `${rule}: ${[...rules].join()}`);
	});

	for (const language of ['de', 'ja', 'hi'])
		it(`hold no English in ${language}, name the field, and have every value filled in`, () => {
			const texts = textsOf(language);
			global_.RED = {
				_: (key: string, { defaultValue, ...values }: Record<string, unknown>) =>
					(texts[key.replace(/^.*:form\.rule\./, '')] ?? String(defaultValue)).replace(
						/__(\w+)__/g,
						(_, name: string) => String(values[name]),
					),
			};
			for (const { rule, message, values } of broken) {
				const text = ruleText(rule, message, values);
				assert.ok(!text.includes(message), `${rule}: ${text}`);
				assert.match(text, /LABEL/, rule);
				const words = text.replaceAll(/https?:\/\/\S+/g, '');
				assert.doesNotMatch(words, /undefined|Infinity|\b(?:is|must|the|values?|at (?:most|least))\b/, text);
			}
		});
});
