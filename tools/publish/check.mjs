/**
 * The dry run before publishing: what npm would publish is compared with the manifests, the changelog and this repository.
 *
 *   node tools/publish/check.mjs [version]      version: the pushed tag; then the changelog has to be dated as well
 *
 * Writes artifacts/SHA256SUMS, the hashes the publishing job checks. Ends with 1 and says why when something differs.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';

const root = path.resolve(import.meta.dirname, '..', '..');
const artifacts = path.join(root, 'artifacts');

/** Keys of the workspace's manifest that are none of the n8n package's. */
const ONLY_HERE = ['workspaces', 'scripts', 'devDependencies', 'allowScripts'];
/** What npm puts into every tarball, whatever `files` says. */
const ALWAYS = ['package.json', 'README.md', 'LICENSE'];
/** What `gulp pack` makes for the n8n package alone; the manifest of the repository is not its own. */
const STAGED = ['README.md', 'CHANGELOG.md', 'THIRD-PARTY-NOTICES.txt', 'sbom.cdx.json'];
const NEEDED = [...ALWAYS, 'CHANGELOG.md', 'THIRD-PARTY-NOTICES.txt', 'sbom.cdx.json'];

const readJson = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));
const hashOf = (algorithm, file, encoding = 'hex') =>
	createHash(algorithm).update(fs.readFileSync(file)).digest(encoding);

/** True when a packed file is the repository's; examples are packed as the same JSON without blanks. */
function isPacked(source, packed) {
	if (!fs.existsSync(source)) return false;
	const isExample = /[\\/]examples[\\/].*\.json$/.test(source);
	return isExample
		? JSON.stringify(readJson(source)) === fs.readFileSync(packed, 'utf8')
		: hashOf('sha256', source) === hashOf('sha256', packed);
}

/** What npm says it would publish of a tarball. */
function dryRun(tarball) {
	const options = ['--dry-run', '--json', '--ignore-scripts', '--access', 'public', '--offline', '--force'];
	const said = JSON.parse(
		execFileSync('npm', ['publish', tarball, ...options], {
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
			shell: process.platform === 'win32',
		}),
	);
	return said.name === undefined ? Object.values(said)[0] : said;
}

/** Differences between a tarball and the package it is made of. */
function faultsOf(folder, tarball, unpacked) {
	const faults = [];
	const expect = (holds, text) => holds || faults.push(`${path.basename(tarball)}: ${text}`);
	const manifest = readJson(path.join(root, folder, 'package.json'));
	const packed = readJson(path.join(unpacked, 'package.json'));
	const published = dryRun(tarball);
	expect(published.name === manifest.name, `npm would publish ${published.name}`);
	expect(published.version === manifest.version, `npm would publish version ${published.version}`);
	expect(
		published.integrity === `sha512-${hashOf('sha512', tarball, 'base64')}`,
		'npm would publish other bytes than these',
	);
	const wanted = Object.fromEntries(
		Object.entries(manifest).filter(([key]) => folder !== '.' || !ONLY_HERE.includes(key)),
	);
	expect(isDeepStrictEqual(packed, wanted), 'its package.json is not the one of the repository');

	const files = fs
		.readdirSync(unpacked, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => path.relative(unpacked, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
	expect(published.files.length === files.length, 'npm would publish another number of files');
	for (const name of NEEDED) expect(files.includes(name), `${name} is missing`);
	for (const file of files) {
		const allowed =
			ALWAYS.includes(file) || manifest.files.some((one) => file === one || file.startsWith(`${one}/`));
		expect(allowed, `${file} is not in "files" of package.json`);
		const isStaged = folder === '.' && STAGED.includes(file);
		if (file === 'package.json' || isStaged) continue;
		const source = path.join(root, folder, file);
		expect(isPacked(source, path.join(unpacked, file)), `${file} is not the repository's`);
	}
	return faults;
}

/** What the manifests, the changelog and the repository must say before a version is published. */
function faultsOfVersion(folders, version) {
	const faults = [];
	const repository = process.env.GITHUB_REPOSITORY;
	for (const folder of folders) {
		const manifest = readJson(path.join(root, folder, 'package.json'));
		if (manifest.version !== version) faults.push(`${manifest.name} is ${manifest.version}, the tag is ${version}`);
		if (repository !== undefined && manifest.repository.url !== `git+https://github.com/${repository}.git`)
			faults.push(`${manifest.name} names another repository than ${repository}`);
		if ((manifest.repository.directory ?? '.') !== folder) faults.push(`${manifest.name} names another folder`);
	}
	const changelog = fs.readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8');
	const [, newest] = /^## (.+)$/m.exec(changelog) ?? [];
	if (newest?.match(/^(\S+) – \d{4}-\d{2}-\d{2}$/)?.[1] !== version)
		faults.push(`the newest section of CHANGELOG.md is "${newest}", not ${version} with a date`);
	return faults;
}

const [tag] = process.argv.slice(2);
const folders = ['.', 'node-red', 'simulator'];
const faults = tag === undefined ? [] : faultsOfVersion(folders, tag);
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-publish-'));
const tarballs = fs.readdirSync(artifacts).filter((name) => name.endsWith('.tgz'));
for (const folder of folders) {
	const { name, version } = readJson(path.join(root, folder, 'package.json'));
	const tarball = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
	if (!tarballs.includes(tarball)) faults.push(`${tarball} is not packed`);
	else {
		const unpacked = fs.mkdtempSync(path.join(scratch, 'package-'));
		execFileSync('tar', ['-xzf', path.join(artifacts, tarball), '-C', unpacked, '--strip-components=1']);
		faults.push(...faultsOf(folder, path.join(artifacts, tarball), unpacked));
	}
}
if (tarballs.length !== folders.length) faults.push(`there are ${tarballs.length} tarballs: ${tarballs.join(', ')}`);
fs.rmSync(scratch, { recursive: true, force: true });

for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exit(1);
const sums = tarballs.map((name) => `${hashOf('sha256', path.join(artifacts, name))}  ${name}\n`);
fs.writeFileSync(path.join(artifacts, 'SHA256SUMS'), sums.join(''));
process.stdout.write(sums.join(''));
