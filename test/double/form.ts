/**
 * Reads the bodies of v1 requests. Seed 004, "POST parameters sent as form-data in the Body": its samples show
 * multipart/form-data (`--form`) and urlencoded (`-d`); seed 000 puts the parameters of the POST into the query.
 */

/** One parameter as it came: name, value. */
export type Pair = [name: string, value: string];

/** Reads a urlencoded text. */
export function readUrlencoded(text: string): Pair[] {
	return [...new URLSearchParams(text)];
}

/** Reads the text fields of a multipart body; null when it is malformed. */
export function readMultipart(body: Buffer, contentType: string): Pair[] | null {
	const named = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
	const boundary = named?.[1] ?? named?.[2];
	if (boundary === undefined) return null;
	// latin1 keeps every byte, so that the values can be decoded on their own.
	const pieces = `\r\n${body.toString('latin1')}`.split(`\r\n--${boundary}`);
	if (pieces.length < 2 || !pieces[pieces.length - 1]?.startsWith('--')) return null;
	const pairs: Pair[] = [];
	for (const piece of pieces.slice(1, -1)) {
		const at = piece.indexOf('\r\n\r\n');
		const name = /;\s*name="([^"]*)"/i.exec(piece.slice(0, at));
		if (at < 0 || name?.[1] === undefined) return null;
		pairs.push([utf8(name[1]), utf8(piece.slice(at + 4))]);
	}
	return pairs;
}

function utf8(bytes: string): string {
	return Buffer.from(bytes, 'latin1').toString('utf8');
}

/**
 * Reads query and body of a POST together; a body of another type holds no parameters. Seed 004's sample for Node sends
 * its urlencoded body without a Content-Type.
 */
export function readParameters(query: string, contentType: string, body: Buffer): Pair[] {
	const type = contentType.split(';')[0]?.trim().toLowerCase() || 'application/x-www-form-urlencoded';
	const fromQuery = readUrlencoded(query);
	if (type === 'application/x-www-form-urlencoded') return [...fromQuery, ...readUrlencoded(body.toString('utf8'))];
	if (type === 'multipart/form-data') return [...fromQuery, ...(readMultipart(body, contentType) ?? [])];
	return fromQuery;
}

/** Writes a multipart body of text fields, with the boundary form of curl. */
export function writeMultipart(pairs: readonly Pair[], boundary: string): string {
	const parts = pairs.map(
		([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
	);
	return `${parts.join('')}--${boundary}--\r\n`;
}
