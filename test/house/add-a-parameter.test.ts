/**
 * A new parameter of a call is one entry in one file. In a staged copy, *connect two numbers* gets a made-up one; it is
 * then found in the request, in both hosts' forms and on the reference page. The committed reference pages are those
 * that the descriptions of today give.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const root = path.resolve(__dirname, '..', '..');
const STAGED = ['exotel', 'node-red', 'nodes', 'icons', 'tools', 'package.json', 'tsconfig.json'];

/** Where the parameter is described, and the line after which its name is put into the order of the request. */
const OPERATION = path.join('exotel', 'operations', 'connect-numbers.ts');
const FIELD = `		greeting: choice({
			label: 'Greeting',
			description: 'How the caller is greeted.',
			parameter: 'MadeUpGreeting',
			source: 'made up',
			options: [{ value: 'short', label: 'Short', description: 'In two words.' }],
			example: 'short',
		}),
		exoPhone,`;

/** Runs TypeScript in the copy; what it prints as JSON. */
function evaluate(folder: string, script: string): unknown {
	const printed = execFileSync(
		process.execPath,
		['--require', 'tsx/cjs', '--eval', `console.log(JSON.stringify(${script}))`],
		{
			cwd: folder,
			encoding: 'utf8',
		},
	);
	return JSON.parse(printed);
}

describe('adding a parameter', function () {
	this.timeout(120_000);
	let copy = '';

	before(() => {
		copy = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-parameter-'));
		const isSource = (file: string): boolean => !/[\\/](?:node_modules|dist|resources)$/.test(file);
		for (const name of STAGED)
			fs.cpSync(path.join(root, name), path.join(copy, name), { recursive: true, filter: isSource });
		fs.symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
		const file = path.join(copy, OPERATION);
		const before = fs.readFileSync(file, 'utf8');
		const after = before
			.replace('\t\texoPhone,', FIELD)
			.replace("\t\t'exoPhone',", "\t\t'exoPhone',\n\t\t'greeting',");
		assert.notEqual(after, before);
		fs.writeFileSync(file, after);
		execFileSync(process.execPath, [path.join('tools', 'build', 'generate.mjs')], { cwd: copy });
	});

	after(() => fs.rmSync(copy, { recursive: true, force: true }));

	it('is in the packed form of the Node-RED node, as a literal', () => {
		const html = fs.readFileSync(
			path.join(copy, 'node-red', 'dist', 'nodes', 'exotel-make-call', 'exotel-make-call.html'),
			'utf8',
		);
		assert.match(html, /greeting: \{\s*value: "",\s*validate: function \(value, opt\) \{/);
		assert.ok(html.includes('greetingType: { value: "choice" }'));
	});

	it("is in the script of the editor's forms", () => {
		const script = fs.readFileSync(path.join(copy, 'node-red', 'resources', 'exotel-editor.js'), 'utf8');
		assert.ok(script.includes('MadeUpGreeting') && script.includes('How the caller is greeted.'));
	});

	it('is on the reference page', () => {
		const page = fs.readFileSync(path.join(copy, 'docs', 'reference', 'connect-numbers.md'), 'utf8');
		assert.match(
			page,
			/\| `greeting` \| Greeting \| How the caller is greeted\. \|.*`MadeUpGreeting` \| made up \|/,
		);
	});

	it('is in the request', () => {
		const account = "{ region: 'mumbai', sid: 'acme1', timeZone: 'Asia/Kolkata', defaultCountry: 'IN' }";
		const input = "{ from: '09812345678', to: '08012345678', exoPhone: '08047112233', greeting: 'short' }";
		const request = evaluate(copy, `require('./exotel/index').connectNumbers.request(${account}, ${input})`);
		assert.match(JSON.stringify(request), /MadeUpGreeting(?:=|%22)?.*short/);
	});

	it("is in n8n's form", () => {
		const list = "new (require('./nodes/Exotel/Exotel.node.ts').Exotel)().description.properties";
		assert.match(JSON.stringify(evaluate(copy, list)), /"name":"greeting"/);
	});

	it('has to be translated: each language says so', async () => {
		const url = pathToFileURL(path.join(copy, 'tools', 'build', 'translations.mjs')).href;
		const { findProblems } = (await import(url)) as { findProblems(language: string): Promise<string[]> };
		for (const language of ['de', 'ja', 'hi']) {
			const problems = await findProblems(language);
			assert.ok(problems.includes(`${language}: exotel-account:field.any.greeting.label has no translation`));
		}
	});

	it('an English text that changes makes its translations outdated', async () => {
		const file = path.join(copy, 'exotel', 'operations', 'lookup-number.ts');
		fs.writeFileSync(
			file,
			fs.readFileSync(file, 'utf8').replace("label: 'Phone number'", "label: 'Telephone number'"),
		);
		const url = pathToFileURL(path.join(copy, 'tools', 'build', 'translations.mjs')).href;
		const { findProblems } = (await import(url)) as { findProblems(language: string): Promise<string[]> };
		const outdated =
			'exotel-account:field.any.number.label was translated from another English text than "Telephone number"';
		assert.ok((await findProblems('hi')).includes(`hi: ${outdated}`));
	});
});

describe('the reference pages', () => {
	it('are those that `npm run generate` writes', async () => {
		const url = pathToFileURL(path.join(root, 'tools', 'build', 'reference.mjs')).href;
		const { referencePages } = (await import(url)) as { referencePages(): Promise<Map<string, string>> };
		const folder = path.join(root, 'docs', 'reference');
		const committed = fs
			.readdirSync(folder)
			.map((name): [string, string] => [name, fs.readFileSync(path.join(folder, name), 'utf8')]);
		assert.deepEqual(
			new Map(committed),
			await referencePages(),
			'run "npm run generate" and commit docs/reference',
		);
	});
});
