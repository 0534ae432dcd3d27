/** The browser of the tests: `CHROMIUM` names it; without that, Debian's. */
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

/** Starts the browser, without a window. */
export function launchChromium(): Promise<Browser> {
	const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
	return chromium.launch({ executablePath, args: ARGUMENTS });
}
