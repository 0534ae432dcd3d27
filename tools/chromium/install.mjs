/**
 * Chromium over npm, for the tests on a machine without a browser: installed once into the cache folder, with its own
 * libraries and with fonts, so that neither the system nor `npm ci` has to bring them. Linux on x64 only.
 * By hand: `node tools/chromium/install.mjs`.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installed } from '../hosts/installed.mjs';
import { runProgram } from '../hosts/programs.mjs';

/** The package unpacks into the folder for temporary files; its libraries only where it is told to. */
const UNPACK = `
	import chromium, { inflate } from '@sparticuz/chromium';
	await chromium.executablePath();
	await inflate('node_modules/@sparticuz/chromium/bin/al2023.tar.br');`;

/** Arimo has the widths of Arial, DejaVu the symbols; then Hindi and Japanese. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
	<dir prefix="relative">../node_modules/@expo-google-fonts</dir>
	<dir prefix="relative">../node_modules/dejavu-fonts-ttf/ttf</dir>
	<cachedir prefix="xdg">fontconfig</cachedir>
	<alias binding="same"><family>Arial</family><prefer><family>Arimo</family></prefer></alias>
	<alias binding="same"><family>Helvetica</family><prefer><family>Arimo</family></prefer></alias>
	<alias><family>sans-serif</family><prefer>
		<family>Arimo</family><family>DejaVu Sans</family><family>Noto Sans Devanagari</family><family>Kosugi</family>
	</prefer></alias>
	<alias><family>serif</family><prefer><family>DejaVu Serif</family></prefer></alias>
	<alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
`;

/** Starts the browser with its libraries and fonts; the processes around it keep those of the system. */
const START = `#!/bin/sh
here=$(dirname "$0")
export LD_LIBRARY_PATH="$here/al2023/lib" FONTCONFIG_PATH="$here/fonts-config" XDG_CACHE_HOME="$here/cache"
exec "$here/chromium" "$@"
`;

/** @returns {Promise<string>} the program that starts the browser */
export async function installedChromium() {
	const folder = await installed('chromium', ['--ignore-scripts', '--loglevel=error'], unpack);
	return path.join(folder, 'start');
}

async function unpack(folder) {
	await runProgram(process.execPath, ['--input-type=module', '--eval', UNPACK], {
		cwd: folder,
		env: { ...process.env, TMPDIR: folder },
	});
	await fs.mkdir(path.join(folder, 'fonts-config'));
	await fs.writeFile(path.join(folder, 'fonts-config', 'fonts.conf'), FONTS);
	await fs.writeFile(path.join(folder, 'start'), START, { mode: 0o755 });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await installedChromium());
