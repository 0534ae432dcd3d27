/**
 * Serves the web page: the static files of page/ beside the built program, or a plain placeholder while they are not
 * built.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from '../wire/answer';
import type { Reply } from './http/reply';
import type { Incoming } from './http/request';

const contentTypes: Record<string, string> = {
	html: 'text/html; charset=utf-8',
	js: 'text/javascript; charset=utf-8',
	css: 'text/css; charset=utf-8',
	svg: 'image/svg+xml',
};

/** A plain file name, so that no path can leave the folder. */
const fileName = /^[a-z][a-z-]*\.(html|js|css|svg)$/;

/** Nothing from elsewhere, no inline script: what a call carries can be shown but never runs. */
const protection = {
	'Content-Security-Policy':
		"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' " +
		"data:; media-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
	'X-Content-Type-Options': 'nosniff',
	'Cache-Control': 'no-cache',
};

const PLACEHOLDER = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Exotel simulator</title>
<h1>Exotel simulator</h1><p>It runs. The page is not built here; the control API is at
<a href="api/state">api/state</a> and <a href="api/calls">api/calls</a>.</p></html>
`;

/** Serves one of the page's files. */
export async function servePage(incoming: Incoming): Promise<Reply> {
	if (incoming.method !== 'GET' && incoming.method !== 'HEAD')
		return text(405, 'text/plain', 'Only GET is possible here.', { Allow: 'GET, HEAD' });
	const name = incoming.path.slice('/_simulator/'.length) || 'index.html';
	const type = contentTypes[fileName.exec(name)?.[1] ?? ''];
	if (!type) return text(404, 'text/plain', 'Not found.');
	try {
		// beside `api/` in the sources as well as in `dist/`
		return text(200, type, await readFile(path.join(__dirname, '..', 'page', name)), protection);
	} catch {
		return name === 'index.html' ? text(200, type, PLACEHOLDER, protection) : text(404, 'text/plain', 'Not found.');
	}
}
