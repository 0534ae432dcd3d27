/** The guides name every applet that can be answered, and n8n's every kind of answer its form offers. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { appletKinds } from '../../exotel/index';
import { ExotelAppletAnswer } from '../../nodes/ExotelAppletAnswer/ExotelAppletAnswer.node.js';

const read = (file: string): string => fs.readFileSync(path.join(__dirname, '../..', file), 'utf8');
const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** The names under which the form offers the kinds of answer. */
function answerNames(): string[] {
	const { properties } = new ExotelAppletAnswer().description;
	const options = properties.find(({ name }) => name === 'answer')?.options ?? [];
	return options.map((option) => ('displayName' in option ? option.displayName : option.name));
}

describe('the guides', () => {
	for (const file of ['docs/n8n.md', 'node-red/README.md', 'docs/glossary.md']) {
		it(`name every applet: ${file}`, () => {
			const text = read(file);
			for (const kind of appletKinds) assert.match(text, new RegExp(`\\b${capitalised(kind)}\\b`), kind);
		});
	}

	it('name every word for the address, and every kind of answer in n8n', () => {
		const text = read('docs/n8n.md');
		assert.match(text, /\?applet=/);
		for (const kind of appletKinds) assert.match(text, new RegExp(`\`(?:\\?applet=)?${kind}\``), kind);
		const names = answerNames();
		assert.ok(names.length >= appletKinds.length);
		for (const name of names) assert.ok(text.includes(`*${name}*`), name);
	});
});
