/**
 * The vendor's samples in test/fixtures/clients, made ready to run: their placeholders – host, account, numbers,
 * addresses – are replaced and nothing else.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Program } from './programs';
import { EXOPHONE, OTHER_EXOPHONE, SID, TOKEN } from './services';

const folder = path.resolve(__dirname, '..', 'fixtures', 'clients');

/** What stands in place of the placeholders; the more special ones come first. */
export interface Replacements {
	/** `127.0.0.1:<port>` */
	host: string;
	key: string;
	/** The call to be read. */
	callSid?: string;
	/** Where the samples let Exotel report to. */
	callbackUrl?: string;
}

/** The sample as it is run. */
export function sample(file: string, { host, key, callSid = '', callbackUrl = '' }: Replacements): string {
	const text = fs
		.readFileSync(path.join(folder, file), 'utf8')
		.replaceAll('https://<your_api_key>:<your_api_token><subdomain>', `http://${key}:${TOKEN}@${host}`)
		.replaceAll('https://api.exotel.com', `http://${host}`)
		.replaceAll('<Base64_Encoded_APIKey:APIToken>', Buffer.from(`${key}:${TOKEN}`).toString('base64'))
		.replaceAll(/<(?:your|account)_sid>/g, SID)
		.replaceAll('b6cfaf5f5cef3ca0fc937749ef960e25', callSid)
		.replaceAll(/https?:\/\/(?:yourstatuscallbackurl\.com|your-application\.com\/exotel-callback)/g, callbackUrl)
		.replace('From="+91XXXXXXXXXX"', 'From="+919876530240"')
		.replace('To="+91XXXXXXXXXX"', 'To="+919876540682"')
		.replace('"XXXXXXXXXX"', `"${EXOPHONE}"`)
		.replaceAll('0XXXXXX4890', EXOPHONE)
		.replaceAll('0113083XXXX', OTHER_EXOPHONE)
		.replaceAll('+91941374XXXX', '+919413741234')
		.replaceAll('+91886799XXXX', '+918867991234')
		.replaceAll(/XXXXX(?=30240|40682)/g, '98765');
	assert.doesNotMatch(text, /<\w+[_:]|XXX|exotel\.com\/v1/, `${file}: every placeholder is replaced`);
	return text;
}

/** Puts a sample into a folder, with what it includes. @returns its name there */
export function writeSample(into: string, file: string, replacements: Replacements, program: Program): string {
	fs.writeFileSync(path.join(into, file), sample(file, replacements));
	const library = path.join(into, 'vendor', 'rmccue', 'requests', 'library');
	if (program.phpRequests !== undefined && !fs.existsSync(library)) {
		fs.mkdirSync(library, { recursive: true });
		fs.symlinkSync(path.join(program.phpRequests, 'class-requests.php'), path.join(library, 'Requests.php'));
	}
	return file;
}
