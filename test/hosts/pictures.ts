/**
 * The pictures in docs/screenshots/, as WebP; `npm run docs:pictures` takes them anew (SCREENSHOTS=1). Chromium itself
 * writes none: sharp makes them, from its own folder of tools/.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Locator, Page } from 'playwright-core';

const root = path.resolve(__dirname, '..', '..');
const LARGEST_BYTES = 150 * 1024;

/** The parts of sharp that are used. */
interface Sharp {
	(picture: Buffer): SharpPicture;
	(frames: Buffer[], options: { join: { animated: true } }): SharpPicture;
}
interface SharpPicture {
	webp(options: object): { toFile(file: string): Promise<{ size: number }> };
}

/** True when the pictures are to be taken anew. */
export const takesPictures = process.env['SCREENSHOTS'] === '1';

/** Where a picture of docs/screenshots/ is; `name` may begin with a folder. */
export const pictureFile = (name: string): string => path.join(root, 'docs', 'screenshots', `${name}.webp`);

/** Installs sharp at the first time. */
export async function sharp(): Promise<Sharp> {
	const tool = pathToFileURL(path.join(root, 'tools', 'hosts', 'installed.mjs')).href;
	const { installed } = (await import(tool)) as { installed(name: string): Promise<string> };
	return createRequire(path.join(await installed('pictures'), 'package.json'))('sharp') as Sharp;
}

/**
 * Takes a picture anew; one that no document shows is not there (test/house/docs.test.ts) and is left out.
 * @throws Error when it is larger than 150 kB
 */
export async function takePicture(shown: Page | Locator, name: string): Promise<void> {
	const file = pictureFile(name);
	if (!takesPictures || !fs.existsSync(file)) return;
	const picture = (await sharp())(await shown.screenshot());
	const { size } = await picture.webp({ lossless: true, effort: 6 }).toFile(file);
	if (size > LARGEST_BYTES) throw new Error(`${name}.webp has ${size} bytes, more than ${LARGEST_BYTES}`);
	process.stdout.write(`${name}.webp ${Math.round(size / 1024)} kB\n`);
}
