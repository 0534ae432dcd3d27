/**
 * What esbuild put into each package, kept between building and packing: reports/bundles/<package>/<bundle>.json. Only
 * these files know which bytes of which library are in a bundle; licence notices and bill of materials are made of them.
 */
'use strict';

const fs = require('node:fs/promises');
const path = require('node:path');

const folderOf = (name) => path.join(__dirname, '..', '..', 'reports', 'bundles', name);

/** Forgets what an earlier build kept of a package. */
async function forgetBundles(name) {
	await fs.rm(folderOf(name), { recursive: true, force: true });
}

/** Keeps the metafile of one bundle of a package. */
async function keepBundle(name, bundle, metafile) {
	await fs.mkdir(folderOf(name), { recursive: true });
	await fs.writeFile(path.join(folderOf(name), `${bundle}.json`), JSON.stringify(metafile));
}

/** The metafiles of all bundles of a package that was built. */
async function keptBundles(name) {
	const files = (await fs.readdir(folderOf(name))).sort();
	return Promise.all(
		files.map(async (file) => JSON.parse(await fs.readFile(path.join(folderOf(name), file), 'utf8'))),
	);
}

module.exports = { forgetBundles, keepBundle, keptBundles };
