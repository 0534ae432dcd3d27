/** No test on a real n8n is forgotten: `npm run test:n8n` names its files one by one. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { read, root } from './pages';

describe('npm run test:n8n', () => {
	it('runs every test file of test/hosts/n8n', () => {
		const files = fs
			.readdirSync(path.join(root, 'test', 'hosts', 'n8n'))
			.filter((file) => file.endsWith('.test.ts'))
			.map((file) => file.replace('.test.ts', ''));
		const runner = read('tools/test/n8n.mjs');
		assert.deepEqual(
			files.filter((file) => !runner.includes(`'${file}'`)),
			[],
		);
	});
});
