/** A misspelt field name does not compile: in the form of a Node-RED node, in n8n's form, and in an input. */
import assert from 'node:assert/strict';
import path from 'node:path';
import ts from 'typescript';

const root = path.resolve(__dirname, '..', '..');
const editor = path.join(root, 'node-red', 'editor');

const FORM = `import { connectNumbers } from '../../exotel/index';
import { defineForm } from './form';
export default defineForm({ type: 'exotel-get-call', sources: { connectNumbers }, own: { api: { value: '' } }, label: () => '', PART });`;
const NODE = `import { text } from '../host';
import { migrateConfig } from '../migration';
const config = migrateConfig('exotel-list-calls', { id: '', type: '', name: '', z: '' });
`;

const OPERATION = `import { text } from '../../exotel/fields/field';
import { placingForm } from '../../exotel/http/request';
import { defineOperation } from '../../exotel/operations/operation';
import { customField } from '../../exotel/operations/shared-fields';
export default defineOperation({
	name: 'madeUp',
	fields: { customField, more: text({ label: '', description: '', example: '', dependsOn: 'FIELD' }) },
	request: placingForm('/', ['customField', 'more']),
	read: () => null,
});`;
const ANSWER = `import { choice, choices, text, toggle, type RelatedFields } from '../../exotel/fields/field';
const words = { label: '', description: '' };
const options = [{ ...words, value: 'single' }, { ...words, value: 'dual' }] as const;
const fields = {
	record: toggle({ ...words, default: false }),
	channels: choice({ ...words, options, PART, dependsOn: 'record' }),
	events: choices({ ...words, options, LIST }),
	more: text({ ...words, example: '', dependsOn: 'FIELD' }),
};
export type Fields = RelatedFields<typeof fields>;`;

/** The answer with these parts. */
function answer(field: string, values = "default: 'single', example: 'dual'", list = "example: ['dual']"): string {
	return ANSWER.replace('FIELD', field).replace('PART', values).replace('LIST', list);
}

/** What each file is and whether it compiles; else what the message is about, where that is not the misspelt name. */
const CASES: Readonly<Record<string, readonly [boolean | RegExp, string]>> = {
	'a form that leaves out a field': [true, FORM.replace('PART', "except: ['customField']")],
	'a form that leaves out a misspelt field': [false, FORM.replace('PART', "except: ['customFeild']")],
	'a form with the default of a misspelt field': [false, FORM.replace('PART', "defaults: { customFeild: '' }")],
	'a form that asks for a misspelt field in its check': [
		false,
		FORM.replace('PART', "checkField: (_view, name) => name === 'customFeild' || undefined"),
	],
	'a form that saves a misspelt property': [
		false,
		FORM.replace('api: {', "customFeild: { value: '' }, api: {").replace('PART', ''),
	],
	'a form without a property that its node reads': [
		/'api' is missing/,
		FORM.replace("api: { value: '' }", '').replace('PART', ''),
	],
	'a form that is shown by a misspelt property': [false, FORM.replace('PART', "mode: 'customFeild'")],
	'a node that reads a property of its form': [true, `${NODE}export const pace = text(config, 'pace');`],
	'a node that reads a misspelt property': [false, `${NODE}export const pace = text(config, 'customFeild');`],
	'a node that takes a misspelt property': [false, `${NODE}export const pace = config['customFeild'];`],
	'an input': [
		true,
		`import type { connectNumbers } from '../../exotel/index';
import type { RawInputOf } from '../../exotel/operations/operation';
export const input: RawInputOf<typeof connectNumbers> = { customField: 'order-1042' };`,
	],
	'an input with a misspelt field': [
		false,
		`import type { connectNumbers } from '../../exotel/index';
import type { RawInputOf } from '../../exotel/operations/operation';
export const input: RawInputOf<typeof connectNumbers> = { customFeild: 'order-1042' };`,
	],
	'a property of an n8n form': [
		true,
		`import { connectNumbers } from '../../exotel/index';
import { property } from '../../nodes/host/property';
export default property(connectNumbers.fields, 'customField');`,
	],
	'a property of an n8n form for a misspelt field': [
		false,
		`import { connectNumbers } from '../../exotel/index';
import { property } from '../../nodes/host/property';
export default property(connectNumbers.fields, 'customFeild');`,
	],
	'what is known of a call': [
		true,
		`import { emptyTimeline } from '../../exotel/call/timeline';
const { known } = emptyTimeline('s1');
export const field = [known.customField, known.outcome?.status, known['legs.to.0.status'], known['agent.1.name']];`,
	],
	'what is known of a call, with a misspelt field': [
		false,
		`import { emptyTimeline } from '../../exotel/call/timeline';
export const field = emptyTimeline('s1').known['customFeild'];`,
	],
	'what is known of a leg, with a misspelt field': [
		false,
		`import { emptyTimeline } from '../../exotel/call/timeline';
export const field = emptyTimeline('s1').known['legs.to.0.customFeild'];`,
	],
	'an operation with a field that depends on another': [true, OPERATION.replace('FIELD', 'customField')],
	'an operation with a field that depends on a misspelt one': [false, OPERATION.replace('FIELD', 'customFeild')],
	'an answer with a field that depends on another': [true, answer('record')],
	'an answer with a field that depends on a misspelt one': [false, answer('customFeild')],
	'a choice whose default is a misspelt value': [false, answer('record', "default: 'customFeild', example: 'dual'")],
	'a choice whose example is a misspelt value': [false, answer('record', "example: 'customFeild'")],
	'a list of choices whose default is a misspelt value': [
		false,
		answer('record', undefined, "default: ['customFeild'], example: ['dual']"),
	],
	'what was asked of a call': [
		true,
		`import { requestedCall, withAttempt } from '../../exotel/index';
export const call = requestedCall({ customField: 'order-1042', agentContact: 'sip:agent1', flowId: '926' }, 'IN');
export const { input } = withAttempt({ statusCallbackAnsweredUrl: 'https://example.com' }, 'attempt');`,
	],
	'what was asked of a call, with a misspelt field': [
		false,
		`import { requestedCall } from '../../exotel/index';
export const call = requestedCall({ customFeild: 'order-1042' }, 'IN');`,
	],
	'an input with an attempt and a misspelt field': [
		false,
		`import { withAttempt } from '../../exotel/index';
export const { input } = withAttempt({ customFeild: 'order-1042' }, 'attempt');`,
	],
};

/** Compiles the cases as if they lay in the editor's folder; the messages of each. */
function compile(): Map<string, string[]> {
	const config = ts.getParsedCommandLineOfConfigFile(
		path.join(editor, 'tsconfig.json'),
		{},
		{
			...ts.sys,
			onUnRecoverableConfigFileDiagnostic: (problem) => assert.fail(String(problem.messageText)),
		},
	);
	assert.ok(config);
	const declarations = config.fileNames.filter((name) => name.endsWith('.d.ts'));
	const files = new Map(
		Object.entries(CASES).map(([name, [, text]], index) => [path.join(editor, `case-${index}.ts`), { name, text }]),
	);
	const host = ts.createCompilerHost(config.options);
	const { fileExists, readFile, getSourceFile } = host;
	host.fileExists = (name) => files.has(name) || fileExists(name);
	host.readFile = (name) => files.get(name)?.text ?? readFile(name);
	host.getSourceFile = (name, target, ...rest) => {
		const file = files.get(name);
		return file ? ts.createSourceFile(name, file.text, target) : getSourceFile(name, target, ...rest);
	};
	const program = ts.createProgram([...files.keys(), ...declarations], config.options, host);
	return new Map(
		[...files].map(([path_, { name }]) => {
			const found = program.getSemanticDiagnostics(program.getSourceFile(path_));
			return [name, found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))];
		}),
	);
}

describe('a misspelt field', function () {
	this.timeout(120_000);
	let messages = new Map<string, string[]>();

	before(() => {
		messages = compile();
	});

	for (const [name, [compiles]] of Object.entries(CASES)) {
		it(`${name}: ${compiles === true ? 'compiles' : 'does not compile'}`, () => {
			const found = messages.get(name) ?? [];
			if (compiles === true) assert.deepEqual(found, []);
			else assert.match(found.join('\n'), compiles === false ? /customFeild/ : compiles);
		});
	}
});
