/** The example flows as they are drawn: a button outside the canvas cannot be clicked, an overlapped node not be read. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

const folder = path.resolve(__dirname, '..', '..', 'node-red', 'examples');

interface Drawn {
	id: string;
	type: string;
	name?: string;
	info?: string;
	account?: string;
	crontab?: string;
	from?: string;
	destinations?: string;
	props?: { v?: string }[];
	x?: number;
	y?: number;
}

/** What a node takes on the canvas: the editor makes it as wide as its label, in steps of 20. */
function box({ type, name, from, x = 0, y = 0 }: Drawn): { left: number; right: number; y: number } {
	const own = from === undefined ? type.replace('exotel-', '') : `call ${from} → msg.payload`;
	// A name is drawn in italics, which are narrower.
	const letters = name ? name.length * 7 : own.length * 8;
	const width = Math.max(100, 20 * Math.ceil((letters + 50) / 20));
	// The button of an inject node stands out on the left.
	const button = type === 'inject' ? 20 : 0;
	return { left: x - width / 2 - button, right: x + width / 2, y };
}

/** The phone numbers among the values of a node, as a note on the canvas writes them: `+91 98123 45678`. */
function numbersOf({ from, destinations, props = [] }: Drawn): string[] {
	return [from, destinations, ...props.map(({ v }) => v)]
		.flatMap((value) => value?.match(/\+91\d{10}/g) ?? [])
		.map((number) => number.replace(/^(\+91)(\d{5})/, '$1 $2 '));
}

describe('the example flows of Node-RED', () => {
	const files = fs
		.readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.json'));
	const examples = files.map((file) => {
		const nodes = JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')) as Drawn[];
		return { file, nodes, drawn: nodes.filter(({ x }) => x !== undefined) };
	});

	for (const { file, drawn } of examples) {
		it(`${file} lies on the canvas, and no node covers another`, () => {
			const boxes = drawn.map(box);
			assert.deepEqual(
				drawn.filter((_, index) => (boxes[index]?.left ?? 0) < 0).map(({ id }) => id),
				[],
			);
			const covered = boxes.flatMap((one, index) =>
				boxes
					.slice(index + 1)
					.filter(({ left, right, y }) => Math.abs(y - one.y) < 34 && left < one.right && right > one.left)
					.map(() => drawn[index]?.id),
			);
			assert.deepEqual(covered, []);
		});
	}

	for (const { file, drawn } of examples.filter(({ file: name }) => name.startsWith('1 Start here'))) {
		it(`${file} ends before the right side bar of Node-RED 5 in a window of 1280 px`, () => {
			// The button of a debug node stands out on the right.
			const ends = drawn.map((one) => box(one).right + (one.type === 'debug' ? 26 : 0));
			assert.ok(Math.max(...ends) <= 760, `${Math.max(...ends)} px`);
		});
	}

	for (const { file, drawn } of examples) {
		it(`${file} says on the canvas which button to click, when to deploy, and who is rung`, () => {
			const [what = '', ...more] = drawn.flatMap(({ type, name }) => (type === 'comment' ? [name ?? ''] : []));
			const button = drawn.find(({ type, crontab }) => type === 'inject' && !crontab)?.name ?? 'no button';
			assert.equal(what, `Click the button left of "${button}"; if Deploy is red, click Deploy first`);
			const said = [button, ...more].join(' ');
			const numbers = drawn.filter(({ type }) => type !== 'exotel-lookup-number').flatMap(numbersOf);
			assert.deepEqual(
				numbers.filter((number) => !said.includes(number)),
				[],
			);
		});
	}

	it('do not ask for a simulator that is running already', () => {
		for (const { file, nodes } of examples)
			for (const { info } of nodes)
				if (info) assert.match(info, /After `npm start` it is running; else start it with `npx /, file);
	});

	it('name one account without bringing it, and no address of this machine', () => {
		for (const { file, nodes } of examples) {
			assert.ok(!nodes.some(({ type }) => type === 'exotel-account'), file);
			assert.doesNotMatch(JSON.stringify(nodes), /127\.0\.0\.1|localhost/, file);
			const accounts = nodes.flatMap(({ account }) => (account === undefined ? [] : [account]));
			assert.deepEqual([...new Set(accounts)], ['e000000000000001'], file);
		}
	});

	it('stand in the menu in the order in which one needs them', () => {
		const folders = [...new Set(files.map((file) => path.dirname(file)))].sort();
		assert.deepEqual(folders, ['1 Start here', '2 One per node', '3 Jobs']);
	});

	it('are as many as the README says: a flow for each node, and some that combine several', () => {
		const jobs = files.filter((file) => path.dirname(file) === '3 Jobs').length;
		const readme = fs.readFileSync(path.join(folder, '..', 'README.md'), 'utf8');
		const words = ['two', 'three', 'four', 'five', 'six', 'seven'];
		assert.ok(readme.includes(`has a flow for each node, and ${words[jobs - 2]} that combine several`));
		const manifest = JSON.parse(fs.readFileSync(path.join(folder, '..', 'package.json'), 'utf8')) as {
			'node-red': { nodes: Record<string, string> };
		};
		const singles = examples.filter(({ file }) => path.dirname(file) !== '3 Jobs').flatMap(({ nodes }) => nodes);
		for (const type of Object.keys(manifest['node-red'].nodes))
			if (type !== 'exotel-account')
				assert.ok(
					singles.some((node) => node.type === type),
					type,
				);
	});

	it('have no node in common, so that all can be imported', () => {
		const ids = examples.flatMap(({ nodes }) => nodes.map(({ id }) => id));
		assert.equal(new Set(ids).size, ids.length);
	});
});

describe('the example workflows of n8n', () => {
	const workflows = path.resolve(__dirname, '..', '..', 'examples');
	const names = fs.readdirSync(workflows).filter((name) => name.endsWith('.json'));

	it('tell with Get Address how Exotel gets the address of a trigger, and never to add a token by hand', () => {
		for (const file of names) {
			const text = fs.readFileSync(path.join(workflows, file), 'utf8');
			assert.doesNotMatch(text, /token=/, file);
			if (/\.exotel(?:Applet)?Trigger"/.test(text)) assert.ok(text.includes('Webhook → Get Address'), file);
		}
	});

	for (const file of names)
		it(`${file} names no webhook: each import gets addresses of its own`, () =>
			assert.doesNotMatch(fs.readFileSync(path.join(workflows, file), 'utf8'), /webhookId/));
});

describe('the example workflows of n8n', () => {
	const workflows = path.resolve(folder, '..', '..', 'examples');

	// A loose comparison is made strict when its node is opened, and fails from then on.
	it("run in India's time, and compare values of one type only", () => {
		const files = fs.readdirSync(workflows).filter((name) => name.endsWith('.json'));
		assert.ok(files.length >= 10, files.join());
		for (const file of files) {
			const text = fs.readFileSync(path.join(workflows, file), 'utf8');
			const { settings } = JSON.parse(text) as { settings: Record<string, string> };
			assert.equal(settings['timezone'], 'Asia/Kolkata', file);
			assert.doesNotMatch(text, /"typeValidation": "loose"/, file);
		}
	});
});
