/** Starts the browser of the tests: an installed Chromium, Chrome or Edge, or the one over npm. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser } from 'playwright-core';

const ARGUMENTS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

interface Finder {
	testBrowser(): Promise<string | null>;
	NO_BROWSER: string;
}

/** Starts the browser, without a window; @throws Error when there is none */
export async function launchChromium(): Promise<Browser> {
	const finder = path.resolve(__dirname, '..', '..', 'tools', 'test', 'browser.mjs');
	const { testBrowser, NO_BROWSER } = (await import(pathToFileURL(finder).href)) as Finder;
	const executablePath = await testBrowser();
	if (executablePath === null) throw new Error(NO_BROWSER);
	return chromium.launch({ executablePath, args: ARGUMENTS });
}
