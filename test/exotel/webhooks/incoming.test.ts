/** Decoding of requests: four encodings, every host’s way of handing them over, and garbage. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ExotelError, type IncomingRequest } from '../../../exotel';
import { decodeIncoming } from '../../../exotel/webhooks/incoming';
import { MAX_BODY_SIZE } from '../../../exotel/webhooks/incoming';
import { counted, withFields } from '../counted';
import { propertyRuns as numRuns } from '../samples';
import { post } from './incoming-requests';

const expected = {
	CallSid: 'c1',
	Status: 'busy',
	Legs: [
		{ Status: 'completed', OnCallDuration: '3' },
		{ Status: '', OnCallDuration: '0' },
	],
};
const flat = {
	CallSid: 'c1',
	Status: 'busy',
	'Legs[0][Status]': 'completed',
	'Legs[0][OnCallDuration]': '3',
	'Legs[1][Status]': '',
	'Legs[1][OnCallDuration]': '0',
};
const urlencoded = new URLSearchParams(flat).toString();
const multipart = (fields: Record<string, string>, boundary = 'xyz'): string =>
	`${Object.entries(fields)
		.map(([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
		.join('')}--${boundary}--\r\n`;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const refused = (request: IncomingRequest, reason: RegExp, httpStatus = 400): void => {
	assert.throws(
		() => decodeIncoming(request),
		(error: ExotelError) => {
			assert.ok(error instanceof ExotelError);
			assert.equal(error.kind, 'input');
			assert.equal(error.httpStatus, httpStatus);
			assert.match(error.message, reason);
			return true;
		},
	);
};

describe('decodeIncoming', () => {
	const FORM = 'application/x-www-form-urlencoded';
	const MULTIPART = 'multipart/form-data; boundary=xyz';
	const requests: [string, IncomingRequest][] = [
		['JSON text', post(JSON.stringify(expected), 'application/json')],
		[
			'JSON bytes with a byte order mark',
			post(bytes(`\uFEFF${JSON.stringify(expected)}`), 'application/json; charset=utf-8'),
		],
		['JSON without content type', post(JSON.stringify(expected))],
		['JSON under a form’s content type', post(`\n ${JSON.stringify(expected)}`, FORM)],
		['parsed JSON', post(expected)],
		['urlencoded text', post(urlencoded, FORM)],
		['urlencoded bytes', post(bytes(urlencoded), FORM)],
		['urlencoded without content type', post(`${urlencoded}\r\n`)],
		['flat keys of a body parser', post(flat, FORM)],
		['multipart bytes', post(bytes(multipart(flat)), MULTIPART)],
		['multipart text', post(multipart(flat), 'Multipart/Form-Data; boundary="xyz"')],
		['multipart with blank lines before it', post(bytes(`\r\n\r\n${multipart(flat)}`), MULTIPART)],
		['multipart that lost its header', post(bytes(multipart(flat, '----WebKit7')))],
		['multipart text that lost its header', post(multipart(flat, '----WebKit7'))],
		['multipart that lost its boundary parameter', post(bytes(multipart(flat)), 'multipart/form-data')],
		['n8n’s wrapper of multipart', post({ data: flat, files: {} }, MULTIPART)],
		['a query object with flat keys', post(undefined, undefined, { method: 'GET', query: flat })],
		['a nested query object', post(undefined, undefined, { method: 'GET', query: expected })],
		['a query text', post(null, undefined, { method: 'GET', query: urlencoded })],
		['a query text with its mark', post('', undefined, { method: 'GET', query: `?${urlencoded}` })],
		['a query in the path', post(new Uint8Array(0), undefined, { method: 'GET', path: `/exotel/x?${urlencoded}` })],
		['a query beside an empty parsed body', post({}, undefined, { method: 'GET', query: flat })],
		['a query beside a blank body', post('  \n', FORM, { method: 'POST', query: flat })],
		['a query beside an empty multipart body', post(new Uint8Array(0), MULTIPART, { method: 'POST', query: flat })],
	];
	for (const [name, request] of requests)
		it(`reads ${name}`, () => assert.deepEqual(decodeIncoming(request), expected));

	it('hands a parsed body on as it is', () => assert.equal(decodeIncoming(post(expected)), expected));

	it('prefers the body to the query', () => {
		assert.deepEqual(decodeIncoming(post('a=1', FORM, { query: { b: '2' } })), { a: '1' });
	});

	it('does not take a call’s own field for n8n’s wrapper', () => {
		const fields = { data: 'x', files: 'y' };
		assert.deepEqual(decodeIncoming(post(fields)), fields);
		const three = { data: { a: 1 }, files: {}, CallSid: 'c1' };
		assert.deepEqual(decodeIncoming(post(three)), three);
		const two = { data: { a: 1 }, CallSid: 'c1' };
		assert.deepEqual(decodeIncoming(post(two)), two);
	});

	it('leaves our own and n8n’s query parameters out', () => {
		const query = { CallSid: 'c1', token: 't', attempt: 'a', signature: 's', key: 'k' };
		assert.deepEqual(decodeIncoming(post(undefined, undefined, { query })), { CallSid: 'c1', key: 'k' });
		assert.deepEqual(decodeIncoming(post(undefined, undefined, { query }), ['key']), {
			CallSid: 'c1',
		});
		assert.deepEqual(
			decodeIncoming(post('token=x&CallSid=c1', FORM)),
			{ token: 'x', CallSid: 'c1' },
			'a body is Exotel’s alone',
		);
	});

	it('takes damaged escapes and bytes as they are', () => {
		assert.deepEqual(decodeIncoming(post('a=%zz&b=%E0%A4&c=1+2', FORM)), { a: '%zz', b: '\uFFFD', c: '1 2' });
		assert.deepEqual(decodeIncoming(post(new Uint8Array([97, 61, 255]), FORM)), { a: '\uFFFD' });
	});

	it('takes bytes of a multipart body that are no UTF-8', () => {
		const text = multipart({ CallSid: 'c1', CustomField: '@' });
		const body = bytes(text).map((byte) => (byte === 64 ? 255 : byte));
		assert.deepEqual(decodeIncoming(post(body, MULTIPART)), { CallSid: 'c1', CustomField: '\uFFFD' });
	});

	it('skips uploaded files and nameless parts of a multipart body', () => {
		const body =
			'--xyz\r\nContent-Disposition: form-data; name="f"; ' +
			'filename="a.txt"\r\n\r\nfile\r\n--xyz\r\nContent-Type: ' +
			'text/plain\r\n\r\nx\r\n--xyz\r\nContent-Disposition: form-data; ' +
			'name="CallSid"\r\n\r\nc1\r\n--xyz--\r\n';
		assert.deepEqual(decodeIncoming(post(bytes(body), MULTIPART)), { CallSid: 'c1' });
	});

	it('refuses garbage in one line each', () => {
		refused(post('{"CallSid": “c1"}', 'application/json'), /not valid JSON/);
		refused(post('{"CallSid":"c1"', undefined), /not valid JSON/);
		refused(post('CallSid=c1', 'application/json'), /not valid JSON/);
		refused(post('[1]', 'application/json'), /not an object/);
		refused(post('7', 'application/json'), /not an object/);
		refused(post('null', 'application/json'), /not an object/);
		refused(post('<html>busy</html>', 'text/html'), /neither JSON nor a form/);
		refused(post([1, 2]), /not an object/);
		refused(post(7), /not an object/);
		refused(
			post(bytes('--xyz\r\nContent-Disposition: form-data; name="a"\r\n\r\nb'), MULTIPART),
			/multipart body is damaged/,
		);
		refused(post(bytes('no boundary here'), 'multipart/form-data'), /multipart body is damaged/);
		refused(post(bytes(multipart(flat)), 'multipart/form-data; boundary=other'), /multipart body is damaged/);
	});

	it('leaves out what could become a prototype when a host copies it', () => {
		for (const key of ['__proto__', '\\u005f_proto__', '__proto_\\u005F']) {
			const fields = decodeIncoming(
				post(`{"CallSid":"c1","${key}":{"polluted":1},"Legs":[{"${key}":{"polluted":1},"Status":"busy"}]}`),
			);
			assert.deepEqual(fields, { CallSid: 'c1', Legs: [{ Status: 'busy' }] });
			assert.ok(
				!Object.hasOwn(fields, '__proto__') &&
					!Object.hasOwn((fields['Legs'] as object[])[0] as object, '__proto__'),
			);
			assert.equal((Object.assign({}, fields) as Record<string, unknown>)['polluted'], undefined);
		}
	});

	it('leaves it out at any depth, also of what the host has parsed', () => {
		const json = (key: string) => `{"a":[[{"${key}":1,"b":{"${key}":{},"c":2}}]],"fill":"${'x'.repeat(3000)}"}`;
		const expected = JSON.parse(json('d').replace(/"d":(1|\{\}),/g, '')) as object;
		for (const body of [json('\\u005f_proto__'), json('__proto__'), JSON.parse(json('__proto__')) as object])
			assert.deepEqual(decodeIncoming(post(body)), expected);
	});

	it('parses JSON without a function per element, whatever its keys', () => {
		const { parse } = JSON;
		let revivers = 0;
		JSON.parse = (text, reviver) => {
			revivers += reviver === undefined ? 0 : 1;
			return parse(text, reviver) as unknown;
		};
		try {
			decodeIncoming(post('{"CallSid":"c1","\\u005fx":1}'));
		} finally {
			JSON.parse = parse;
		}
		assert.equal(revivers, 0);
	});

	it('reads a multipart text whose boundary has capitals, and media types in capitals', () => {
		const boundary = '----WebKitFormBoundaryAbC';
		const text = multipart(flat, boundary);
		// With a blank line in front the boundary is known from the header alone.
		for (const body of [text, `\r\n${text}`])
			for (const type of ['multipart/form-data', 'Multipart/Form-Data'])
				for (const sent of [body, bytes(body)])
					assert.deepEqual(decodeIncoming(post(sent, `${type}; boundary=${boundary}`)), expected);
		assert.deepEqual(decodeIncoming(post(JSON.stringify(expected), 'Application/JSON')), expected);
		refused(post('a=1', 'Application/JSON'), /not valid JSON/);
	});

	it('refuses bodies that would hurt', () => {
		const fits = 'a='.padEnd(MAX_BODY_SIZE, 'x');
		assert.equal((decodeIncoming(post(fits))['a'] as string).length, MAX_BODY_SIZE - 2);
		refused(post(`${fits}x`), /too large/, 413);
		refused(post(bytes(`${fits}x`)), /too large/, 413);
		const deep = (levels: number): string => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
		refused(post(deep(5_000)), /nested too deeply/);
		assert.ok(decodeIncoming(post(deep(500))), 'a short body cannot be deep enough to matter');
		refused(post(JSON.parse(deep(25))), /nested too deeply/);
		assert.ok(decodeIncoming(post(JSON.parse(deep(15)))));
		const many = (count: number): string => Array.from({ length: count }, (_, index) => `k${index}=1`).join('&');
		assert.equal(Object.keys(decodeIncoming(post(many(500)))).length, 500);
		refused(post(many(501)), /too many fields/);
		const values = (count: number): string => JSON.stringify({ CallSid: '1', Legs: Array(count).fill(0) });
		assert.ok(decodeIncoming(post(values(4_998))));
		for (const body of [values(5_000), JSON.parse(values(5_000))]) refused(post(body), /too many fields/);
		refused(post(undefined, undefined, { query: many(501) }), /too many fields/);
		refused(
			post(undefined, undefined, { query: Object.fromEntries(new URLSearchParams(many(501))) }),
			/too many fields/,
		);
	});

	it('lists the fields of a parsed body once when there are too many, and reads none of them', () => {
		const { value, looks } = counted(withFields(50_000));
		refused(post(value), /too many fields/);
		assert.ok(looks() < 51_000, String(looks()));
		const inner = counted(withFields(50_000));
		refused(post({ data: inner.value, files: {} }), /too many fields/);
		assert.ok(inner.looks() < 51_000, String(inner.looks()));
	});

	it('turns any failure of the host’s objects into an error of its own', () => {
		const hostile = new Proxy(
			{},
			{
				ownKeys: () => {
					throw new Error('boom');
				},
			},
		);
		refused(post(hostile), /damaged/);
	});

	it('gives the same fields in all four encodings', () => {
		const plain = { noNullPrototype: true } as const;
		const word = fc.stringMatching(/^[A-Za-z0-9 +%&="'\u00e9\u0939-]{0,20}$/);
		fc.assert(
			fc.property(
				fc.record(
					{
						CallSid: word,
						Status: word,
						Legs: fc.array(fc.record({ Status: word, OnCallDuration: word }, plain), {
							minLength: 1,
							maxLength: 3,
						}),
					},
					plain,
				),
				(fields) => {
					const entries: Record<string, string> = { CallSid: fields.CallSid, Status: fields.Status };
					fields.Legs.forEach((leg, index) =>
						Object.entries(leg).forEach(([key, value]) => (entries[`Legs[${index}][${key}]`] = value)),
					);
					const encoded = new URLSearchParams(entries).toString();
					assert.deepEqual(decodeIncoming(post(JSON.stringify(fields))), fields);
					assert.deepEqual(decodeIncoming(post(encoded, FORM)), fields);
					assert.deepEqual(decodeIncoming(post(bytes(multipart(entries)), MULTIPART)), fields);
					assert.deepEqual(decodeIncoming(post(undefined, undefined, { query: encoded })), fields);
				},
			),
			{ numRuns },
		);
	});
});
