/** What npm shows of each package: its packed README, changelog and manifest. `gulp pack` makes the tarballs. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root, withoutCode } from './pages';

interface Packed {
	folder: string;
	name: string;
	file(name: string): string;
}

const FOLDERS = ['.', 'node-red', 'simulator'];
/** The headings each README must have: those n8n asks for, and what users of the other two look for. */
const SECTIONS: Record<string, string[]> = {
	'.': ['Installation', 'Operations', 'Credentials', 'Compatibility', 'Usage', 'Resources', 'Version history'],
	'node-red': ['Install', 'Set up your account', 'The nodes', 'Examples'],
	simulator: ['Options', 'In tests', 'Control API', 'Limits'],
};
/** What only this repository needs. */
const NOT_PUBLISHED = ['workspaces', 'scripts', 'devDependencies', 'allowScripts', 'overrides', 'private'];
const RAW =
	/^https:\/\/(?:github\.com\/exonodes\/exonodes\/raw|raw\.githubusercontent\.com\/exonodes\/exonodes)\/main\//;
const LINKED = /^https:\/\/github\.com\/exonodes\/exonodes\/(?:blob|tree)\/main\//;

const picturesOf = (text: string): string[] =>
	[...withoutBlocksOf(text).matchAll(/!\[[^\]]*\]\(([^)\s]+)\)|<img\b[^>]*\bsrc="([^"]+)"/g)].map(
		([, inText, inElement]) => inText ?? inElement ?? '',
	);
const linksOf = (text: string): string[] =>
	[...withoutBlocksOf(text).matchAll(/\]\(([^)\s]+)\)|\bhref="([^"]+)"/g)].map(
		([, inText, inElement]) => inText ?? inElement ?? '',
	);
const withoutBlocksOf = (text: string): string => text.replace(/^ *```[\s\S]*?^ *```/gm, '');
const headingsOf = (text: string): string[] =>
	[...withoutBlocksOf(text).matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading = '']) => heading);
const slug = (heading: string): string =>
	heading
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s_-]/gu, '')
		.replace(/\s/g, '-');

/** Why a picture is not shown on npm; null when it is. */
function faultOfPicture(address: string): string | null {
	if (!RAW.test(address)) return `${address}: not the address of a file of the repository`;
	return fs.existsSync(path.join(root, decodeURI(address.replace(RAW, '')))) ? null : `${address}: no such file`;
}

/** Why a link of a packed README leads nowhere on npm; null when it leads somewhere. */
function faultOfLink(link: string, text: string): string | null {
	if (link.startsWith('#'))
		return headingsOf(text).some((heading) => `#${slug(heading)}` === link) ? null : `${link}: no such heading`;
	if (!/^https?:\/\//.test(link)) return `${link}: npm does not know where that is`;
	const [file = ''] = link.replace(LINKED, '').split('#');
	return !LINKED.test(link) || fs.existsSync(path.join(root, decodeURI(file))) ? null : `${link}: no such file`;
}

describe('what npm shows of a package', () => {
	let scratch = '';
	const packed: Packed[] = [];

	before(function () {
		const artifacts = path.join(root, 'artifacts');
		if (!fs.existsSync(artifacts)) return this.skip();
		scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-packed-'));
		for (const folder of FOLDERS) {
			const { name, version } = JSON.parse(fs.readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
			const tarball = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
			const unpacked = path.join(scratch, folder === '.' ? 'n8n' : folder);
			fs.mkdirSync(unpacked);
			execFileSync('tar', ['-xzf', path.join(artifacts, tarball), '-C', unpacked, '--strip-components=1']);
			packed.push({ folder, name, file: (one) => fs.readFileSync(path.join(unpacked, one), 'utf8') });
		}
	});
	after(() => {
		if (scratch !== '') fs.rmSync(scratch, { recursive: true, force: true });
	});

	it('is a README of its own with the sections that are looked for', () => {
		assert.equal(new Set(packed.map(({ file }) => file('README.md'))).size, FOLDERS.length);
		for (const { folder, file } of packed) {
			const headings = headingsOf(file('README.md'));
			assert.deepEqual(
				SECTIONS[folder]?.filter((section) => !headings.includes(section)),
				[],
				folder,
			);
		}
	});

	it('has pictures with absolute addresses, of files that exist', () => {
		for (const { folder, file } of packed) {
			const pictures = picturesOf(file('README.md'));
			assert.ok(pictures.length > 0, folder);
			assert.deepEqual(pictures.map(faultOfPicture).filter(Boolean), [], folder);
		}
		assert.notEqual(faultOfPicture('docs/screenshots/simulator/call.webp'), null);
		assert.notEqual(faultOfPicture('https://github.com/exonodes/exonodes/raw/main/docs/no-such-file.webp'), null);
	});

	it('has links that lead somewhere from there', () => {
		for (const { folder, file } of packed) {
			const text = file('README.md');
			const links = linksOf(text);
			assert.ok(links.length > 3, folder);
			assert.deepEqual(
				links.map((link) => faultOfLink(link, text)).filter((fault) => fault !== null),
				[],
				folder,
			);
		}
	});

	it('names only packages that are published with it, and commands that they bring', () => {
		const names = packed.map(({ name }) => name);
		const commands = packed.flatMap(({ file }) => Object.keys(JSON.parse(file('package.json')).bin ?? {}));
		for (const { folder, file } of packed) {
			const text = file('README.md');
			const named = [...text.matchAll(/@exonodes\/[\w-]+/g)].map(([name]) => name);
			assert.deepEqual(
				named.filter((name) => !names.includes(name)),
				[],
				folder,
			);
			for (const [, command = ''] of text.matchAll(/\bnpx (exo[\w-]+)/g))
				assert.ok(commands.includes(command), `${folder}: npx ${command}`);
		}
	});

	it('is a changelog in each package, of no version that was not published and of no other package', () => {
		for (const { folder, file } of packed) {
			const changelog = file('CHANGELOG.md');
			const { version } = JSON.parse(file('package.json'));
			const versions = [...changelog.matchAll(/^## (\S+) – /gm)].map(([, one]) => one);
			assert.deepEqual(versions, [version], folder);
			const sections = [...changelog.matchAll(/^### (.+)$/gm)].map(([, title]) => title);
			const own = { '.': 'n8n', 'node-red': 'Node-RED', simulator: 'Simulator' }[folder];
			assert.deepEqual(sections, ['Both hosts', own], folder);
		}
	});

	it('is a manifest without what only this repository needs', () => {
		for (const { folder, file } of packed) {
			const manifest = JSON.parse(file('package.json'));
			assert.deepEqual(
				NOT_PUBLISHED.filter((key) => key in manifest),
				[],
				folder,
			);
			for (const key of ['description', 'license', 'repository', 'homepage', 'bugs', 'engines', 'keywords'])
				assert.ok(key in manifest, `${folder}: ${key}`);
			assert.ok(withoutCode(file('README.md')).includes('not made, endorsed or supported by Exotel'), folder);
		}
	});
});
