/** The browser of the tests: an installed Chromium, Chrome or Edge, or for Linux on x64 one that comes over npm. */
import fs from 'node:fs';
import path from 'node:path';
import { installedChromium } from '../chromium/install.mjs';

/** Why a suite cannot run where there is no browser. */
export const NO_BROWSER = 'there is no Chromium, Chrome or Edge here; CHROMIUM can say where one is';

const ON_LINUX = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const ON_MACOS = ['Chromium', 'Google Chrome', 'Microsoft Edge'];
const ON_WINDOWS = [
	'Chromium/Application/chrome.exe',
	'Google/Chrome/Application/chrome.exe',
	'Microsoft/Edge/Application/msedge.exe',
];

/**
 * The program of the browser; where none is installed and there is one over npm, that is fetched first.
 *
 * @returns {Promise<string | null>} null when there is none
 */
export async function testBrowser() {
	const found = findBrowser();
	if (found !== null || !isOverNpm()) return found;
	return await installedChromium();
}

/** True where Chromium comes over npm: nothing else is named, and there is one for this machine. */
export function isOverNpm({ platform = process.platform, arch = process.arch, environment = process.env } = {}) {
	return !environment.CHROMIUM && platform === 'linux' && arch === 'x64';
}

/**
 * Where an installed browser is. `CHROMIUM` names it; without that the usual places are looked into.
 *
 * @param {{ platform?: string, environment?: Record<string, string | undefined>, exists?: (file: string) => boolean }}
 *   [machine] another machine than this one
 * @returns {string | null} null when there is none
 */
export function findBrowser({ platform = process.platform, environment = process.env, exists = fs.existsSync } = {}) {
	const named = environment.CHROMIUM;
	const places = named ? [named] : usualPlaces(platform, environment);
	return places.find((place) => exists(place)) ?? null;
}

function usualPlaces(platform, environment) {
	if (platform === 'win32')
		return [environment.ProgramFiles, environment['ProgramFiles(x86)'], environment.LocalAppData]
			.filter(Boolean)
			.flatMap((folder) => ON_WINDOWS.map((file) => path.win32.join(folder, file)));
	if (platform === 'darwin')
		return ['/Applications', path.posix.join(environment.HOME ?? '', 'Applications')].flatMap((folder) =>
			ON_MACOS.map((name) => `${folder}/${name}.app/Contents/MacOS/${name}`),
		);
	const folders = [...(environment.PATH ?? '').split(':').filter(Boolean), '/usr/bin', '/snap/bin'];
	return ON_LINUX.flatMap((name) => folders.map((folder) => path.posix.join(folder, name)));
}
