/**
 * What a package holds of others: `THIRD-PARTY-NOTICES.txt`, the licences of the libraries whose bytes are in its
 * bundles, and `sbom.cdx.json`, a CycloneDX 1.6 bill of materials that also lists what npm installs beside it. Both hold
 * neither time nor chance, so that the same sources make the same tarball.
 */
import fs from 'node:fs';
import path from 'node:path';
import { Contrib, Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import parseLicence from 'spdx-expression-parse';

const root = path.resolve(import.meta.dirname, '..', '..');

/** File names in each tarball. */
export const NOTICES = 'THIRD-PARTY-NOTICES.txt';
export const SBOM = 'sbom.cdx.json';

/** Licences that ask for no more than their text; a library under any other one needs a person to look. */
const NOTICE_IS_ENOUGH = new Set(['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0']);

const readManifest = (folder) => JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));

/** The folder of the npm package a bundled file belongs to (not of a manifest deeper inside); undefined for ours. */
function packageFolder(input) {
	const found = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input);
	return found === null ? undefined : path.resolve(root, found[0]);
}

/** Folders of the npm packages of which at least one byte is in the bundles. */
export function bundledFolders(metafiles) {
	const inputs = metafiles.flatMap(({ outputs }) =>
		Object.values(outputs).flatMap((output) => Object.entries(output.inputs)),
	);
	const folders = inputs
		.filter(([, { bytesInOutput }]) => bytesInOutput > 0)
		.map(([input]) => packageFolder(input))
		.filter((folder) => folder !== undefined);
	return [...new Set(folders)].sort();
}

/** Where Node finds a package that is required from a folder; undefined where it is not installed. */
function locate(name, from) {
	for (let folder = from; ; folder = path.dirname(folder)) {
		const candidate = path.join(folder, 'node_modules', name);
		if (fs.existsSync(path.join(candidate, 'package.json'))) return fs.realpathSync(candidate);
		if (folder === path.dirname(folder)) return undefined;
	}
}

/** Folders of everything npm installs for these dependencies, as it is in the lock file of the tests. */
function installedFolders(dependencies, from, found = new Set()) {
	for (const name of Object.keys(dependencies ?? {})) {
		const folder = locate(name, from);
		if (folder === undefined) throw new Error(`${name}, a run-time dependency, is not installed: run npm ci.`);
		if (found.has(folder)) continue;
		found.add(folder);
		installedFolders(readManifest(folder).dependencies, folder, found);
	}
	return found;
}

const collapse = (text) => text.replace(/\s+/g, ' ').trim();

/** A licence in two parts: who holds the copyright, and the text, which many packages share word by word. */
function splitLicence(text) {
	const paragraphs = text
		.replace(/\r/g, '')
		.split(/\n\s*\n/)
		.map((paragraph) => paragraph.trim())
		.filter(
			(paragraph) => paragraph !== '' && !/^\(?(?:the )?(?:mit|isc) licen[cs]e(?: \(mit\))?\)?$/i.test(paragraph),
		);
	const isCopyright = (paragraph) => /^copyright (?:\(c\)|©|\d{4})/i.test(paragraph);
	return {
		holders: paragraphs.filter(isCopyright),
		body: paragraphs
			.filter((paragraph) => !isCopyright(paragraph))
			.map(collapse)
			.join('\n\n'),
	};
}

/** What a manifest says of its licence; old ones have a list of objects. */
const licenceName = ({ license, licenses }) => license ?? (licenses ?? []).map(({ type }) => type).join(' OR ');

/** The licence of a package: its own file, or, for a package under MIT that ships none, the text of ours. */
function licenceOf(folder) {
	const manifest = readManifest(folder);
	const licence = licenceName(manifest);
	if (!NOTICE_IS_ENOUGH.has(licence)) {
		throw new Error(`${manifest.name} is bundled and its licence is "${licence}": look whether that may be.`);
	}
	const files = fs.readdirSync(folder).filter((name) => /^(?:licen[cs]e|copying|notice)/i.test(name));
	if (files.length > 0) {
		return splitLicence(files.map((name) => fs.readFileSync(path.join(folder, name), 'utf8')).join('\n\n'));
	}
	if (licence !== 'MIT') throw new Error(`${manifest.name} is bundled and ships no text of its licence.`);
	const author = typeof manifest.author === 'object' ? manifest.author.name : manifest.author;
	const { body } = splitLicence(fs.readFileSync(path.join(root, 'LICENSE'), 'utf8'));
	return { holders: [`${author ?? manifest.name} (package.json says MIT; the package ships no licence file)`], body };
}

/** The text of `THIRD-PARTY-NOTICES.txt`: each licence text once, below the packages it belongs to. */
function noticesOf(manifest, folders) {
	const byText = new Map();
	for (const folder of folders) {
		const bundled = readManifest(folder);
		const { holders, body } = licenceOf(folder);
		const group = byText.get(body) ?? [];
		group.push([`${bundled.name} ${bundled.version} (${licenceName(bundled)})`, ...holders].join('\n'));
		byText.set(body, group);
	}
	const intro =
		folders.length === 0
			? `${manifest.name} holds no code of others. npm installs its dependencies with their own licences; ${SBOM} lists them.`
			: `${manifest.name} holds code of these packages.`;
	return `${[intro, ...[...byText].map(([body, packages]) => [...packages, body].join('\n\n'))].join(`\n\n${'-'.repeat(72)}\n\n`)}\n`;
}

const purlOf = ({ name, version }) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

function componentOf(manifest, type, properties = []) {
	const licences = new Contrib.License.Factories.LicenseFactory(parseLicence);
	const [group, name] = manifest.name.includes('/') ? manifest.name.split('/') : [undefined, manifest.name];
	return new Models.Component(type, name, {
		bomRef: purlOf(manifest),
		group,
		version: manifest.version,
		purl: purlOf(manifest),
		licenses: new Models.LicenseRepository([licences.makeFromString(licenceName(manifest))]),
		properties: new Models.PropertyRepository(properties),
	});
}

/** The bill of materials. A component whose bytes are in the tarball says `cdx:npm:package:bundled`. */
function sbomOf(manifest, bundled, installed) {
	const subject = componentOf(manifest, Enums.ComponentType.Library);
	const components = new Map();
	const add = (folder, properties) =>
		components.set(folder, componentOf(readManifest(folder), Enums.ComponentType.Library, properties));
	for (const folder of installed) add(folder, []);
	for (const folder of bundled) add(folder, [new Models.Property('cdx:npm:package:bundled', 'true')]);
	for (const [folder, component] of components) {
		for (const name of Object.keys(readManifest(folder).dependencies ?? {})) {
			const needed = components.get(locate(name, folder));
			if (needed !== undefined) component.dependencies.add(needed.bomRef);
		}
	}
	for (const folder of [...bundled, ...Object.keys(manifest.dependencies ?? {}).map((name) => locate(name, root))]) {
		subject.dependencies.add(components.get(folder).bomRef);
	}
	const bom = new Models.Bom({ metadata: new Models.Metadata({ component: subject }) });
	for (const component of components.values()) bom.components.add(component);
	const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
	return serializer.serialize(bom, { sortLists: true, space: 0 });
}

/** Both texts, by file name, for a package with this manifest and these bundles; dependencies are looked for from `from`. */
export function thirdPartyTexts(manifest, metafiles, from = root) {
	const bundled = bundledFolders(metafiles);
	const installed = installedFolders(manifest.dependencies, from);
	return { [NOTICES]: noticesOf(manifest, bundled), [SBOM]: sbomOf(manifest, bundled, installed) };
}
