/** Bodies of responses by the look of them, and the test of an account. */
import assert from 'node:assert/strict';
import { testAccount } from '../../../exotel/index';
import { decodeBody, decodeText } from '../../../exotel/http/response-body';
import { failedWith } from '../scripted-transport';
import { writeXml, type XmlElements } from '../../double/xml';
import { answer, mumbai, refused, sample, singapore } from '../samples';

describe('decoding a body', () => {
	it('tells by the look of it', () => {
		assert.deepEqual(decodeText('\uFEFF {"a":1} '), { kind: 'json', value: { a: 1 } });
		assert.deepEqual(decodeText('[1]'), { kind: 'json', value: [1] });
		assert.deepEqual(decodeText('"a"'), { kind: 'text', value: null });
		assert.deepEqual(decodeText('<HTML>'), { kind: 'html', value: null });
		assert.deepEqual(decodeText('<head>x</head>'), { kind: 'html', value: null });
		assert.deepEqual(decodeText('<body/>'), { kind: 'html', value: null });
		assert.deepEqual(decodeText('<!doctype HTML>'), { kind: 'html', value: null });
		assert.deepEqual(decodeText('<header><a>1</a></header>'), { kind: 'xml', value: { a: '1' } });
	});

	it('reads XML as the pages print it: raw "&", escaped ones, repeated and empty elements', () => {
		assert.deepEqual(
			decodeText(
				'<?xml ' +
					'version="1.0"?><TwilioResponse><A>x?a=1&b=2&amp;c&#38;d&' +
					'#x26;e</A><B/><C>1</C><C>02</C></TwilioResponse>',
			),
			{
				kind: 'xml',
				value: { A: 'x?a=1&b=2&c&d&e', B: '', C: ['1', '02'] },
			},
		);
		assert.deepEqual(decodeText('<Other><A>1</A></Other>'), { kind: 'xml', value: { A: '1' } });
	});

	it('refuses XML with a document type, and XML that holds nothing', () => {
		assert.equal(decodeText('<!DOCTYPE a [<!ENTITY x "y">]><a><b>&x;</b></a>').kind, 'html');
		assert.equal(decodeText('<?xml version="1.0"?><TwilioResponse>text</TwilioResponse>').kind, 'html');
		assert.equal(decodeText('<a><__proto__>1</__proto__></a>').kind, 'html');
	});

	it('keeps "&" in a CDATA section as it is', () => {
		assert.deepEqual(
			decodeText('<R><A><![CDATA[x?a=1&b=2&amp;c]]></A><B>1&2</B><C><![CDATA[]]>3&4<![CDATA[&]]></C></R>').value,
			{ A: 'x?a=1&b=2&amp;c', B: '1&2', C: '3&4&' },
		);
		assert.equal(decodeText('<R><A><![CDATA[x&y</A></R>').kind, 'html');
	});

	it('leaves out control characters, which XML does not allow', () => {
		assert.deepEqual(
			decodeText('<R><A>a\u0001b\uffff</A><B>&#1;c&#x1F;d&#x110000;&#65;</B><C>\t\n</C></R>').value,
			{
				A: 'ab',
				B: 'cdA',
				C: '',
			},
		);
	});

	it('reads a page of 100 calls with all details as XML, and refuses XML of many times that length', () => {
		const { Calls } = JSON.parse(sample('seed-004-bulk-calls.json')) as { Calls: object[] };
		const elements = (value: object): XmlElements =>
			Object.entries(value).map(([name, inner]: [string, unknown]) => [
				name,
				typeof inner === 'object' && inner !== null ? elements(inner) : String(inner),
			]);
		const page = Array.from({ length: 100 }, () => ['Call', elements(Calls[0] as object)] as const);
		const xml = writeXml(page);
		assert.equal((decodeText(xml).value as { Call: unknown[] }).Call.length, 100);
		// What has no end is not parsed, in whatever it is written.
		assert.deepEqual(decodeText(`<R><A>${'x'.repeat(300_000)}</A></R>`), { kind: 'text', value: null });
		assert.ok(xml.length < 200_000, String(xml.length));
	});

	it('parses no JSON longer than any answer that is read', () => {
		const list = (length: number): string => `[${' '.repeat(length - 2)}]`;
		assert.equal(decodeText(list(4 * 1024 * 1024)).kind, 'json');
		assert.deepEqual(decodeText(list(4 * 1024 * 1024 + 1)), { kind: 'text', value: null });
	});

	it('decodes an answer once', () => {
		const once = answer('{"a":1}');
		assert.equal(decodeBody(once), decodeBody(once));
		assert.deepEqual(decodeBody(answer(new Uint8Array([123]))), { kind: 'bytes', value: null });
	});
});

describe('testing an account', () => {
	it('asks for one record and names the account that answered', async () => {
		assert.equal(
			testAccount.request(mumbai, {}).url,
			'https://api.in.exotel.com/v1/Accounts/acme1/Calls.json?PageSize=1',
		);
		assert.deepEqual(
			{ ...testAccount.request(singapore, {}), url: '' },
			{
				method: 'GET',
				url: '',
				headers: { accept: 'application/json' },
				placesCall: false,
				publicOnly: false,
				authenticate: true,
				responseType: 'text',
			},
		);
		assert.deepEqual(testAccount.read(answer(sample('seed-004-bulk-calls.json')), singapore), { sid: 'acme1' });
		assert.deepEqual(testAccount.read(answer('{"Calls":[]}'), singapore), { sid: 'acme1' });
		assert.deepEqual(testAccount.read(answer('{"Metadata":{}}'), singapore), { sid: 'acme1' });
		assert.match(
			refused(() => testAccount.read(answer('{"hello":1}'), singapore)).message,
			/instead of a list of calls/,
		);
		const wrongKey = answer('{"RestException":{"Status":401,"Message":"no"}}');
		assert.equal((await failedWith(testAccount, {}, wrongKey)).kind, 'auth');
	});
});
