/** Fetching recordings: where the key may go, and what is taken for a recording. */
import assert from 'node:assert/strict';
import { downloadRecording } from '../../../exotel/index';
import { failedWith } from '../scripted-transport';
import { answer, brokenRules, custom, refused, singapore } from '../samples';

const mp3 = new Uint8Array([0x49, 0x44, 0x33, 4, 0]);

describe('fetching a recording', () => {
	it('asks for the bytes at the address itself', () => {
		const url =
			'https://s3-ap-southeast-1.amazonaws.com/exotelrecordings/acme1/b6cfaf5f5cef3ca0fc937749ef960e25.mp3';
		assert.deepEqual(downloadRecording.request(singapore, { url }), {
			method: 'GET',
			url,
			headers: {},
			placesCall: false,
			authenticate: true,
			publicOnly: true,
			responseType: 'bytes',
			resource: 'recording',
		});
		// As printed in seed 000.
		assert.equal(
			downloadRecording.request(singapore, {
				url:
					'https://s3-us-west-2.amazonaws.com/exotel-us3- ' +
					'recordings/ree5e1us3/054cfcd8910389ff64882d8e25211646.mp3',
			}).url,
			'https://s3-us-west-2.amazonaws.com/exotel-us3-recordings/ree5e1us3/054cfcd8910389ff64882d8e25211646.mp3',
		);
		assert.deepEqual(brokenRules(refused(() => downloadRecording.request(singapore, { url: '' }))), [
			'url: required',
		]);
		assert.deepEqual(brokenRules(refused(() => downloadRecording.request(singapore, undefined as never))), [
			'url: required',
		]);
		for (const bad of ['file:///etc/passwd', 'ftp://x/y', 'recording.mp3', { a: 1 }])
			assert.equal(refused(() => downloadRecording.request(singapore, { url: bad as string })).kind, 'input');
	});

	const withKey = [
		'https://recordings.exotel.com/exotelrecordings/acme1/x.mp3',
		'https://exotel.com/x',
		'https://api.in.exotel.com/x',
		'https://my.exotel.in/x',
		'https://s3-ap-south-1.amazonaws.com/exotel-mum1-recordings/acme1/x.mp3',
		'https://s3-us-west-2.amazonaws.com/exotel-us3-recordings/x.mp3',
	];
	for (const url of withKey) {
		it(`gives the key to ${url}`, () =>
			assert.equal(downloadRecording.request(singapore, { url }).authenticate, true));
	}

	const without = [
		'https://recordings.exotel.com:8443/x.mp3',
		'https://exotel.com.evil.net/x.mp3',
		'https://notexotel.com/x.mp3',
		'https://exotel.community/x',
		'https://evil.net/exotelrecordings/x.mp3',
		'https://s3-ap-southeast-1.amazonaws.com/exotelrecordings-evil/x.mp3',
		'https://s3-ap-southeast-1.amazonaws.com/evil/exotelrecordings/x.mp3',
		'https://s3-ap-southeast-1.amazonaws.com/exotelrecordings/../evil/x.mp3',
		'https://s3-ap-southeast-1.amazonaws.com/exotelrecordings/x.mp3?X-Amz-Signature=abc',
		'https://recordings.exotel.com/x.mp3?Signature=abc',
		'https://user:pass@recordings.exotel.com/x.mp3',
		'https://user@recordings.exotel.com/x.mp3',
		'https://recordings.exotel.com./x.mp3',
		'https://recordings.exotel.com@evil.net/x.mp3',
		'https://evil.net\\@recordings.exotel.com/x.mp3',
		'https://evil.net#@recordings.exotel.com/x.mp3',
		'https://s3-ap-southeast-1.amazonaws.com/exotelrecordings/%2e%2e/evil/x.mp3',
		'https://s3-ap-southeast-1.amazonaws.com/exotelrecordings\\..\\evil/x.mp3',
		'https://s3-ap-southeast-1.amazonaws.com/EXOTELRECORDINGS/x.mp3',
	];
	for (const url of without) {
		it(`gives no key to ${url}`, () =>
			assert.equal(downloadRecording.request(singapore, { url }).authenticate, false));
	}

	it('asks for the address that was judged, not for what a client may read into the text', () => {
		for (const [written, asked] of [
			['HTTPS://Recordings.Exotel.com\\x.mp3', 'https://recordings.exotel.com/x.mp3'],
			['https://recordings.exotel.com/a/../x.mp3', 'https://recordings.exotel.com/x.mp3'],
			['https://evil.net\\@recordings.exotel.com/x', 'https://evil.net/@recordings.exotel.com/x'],
		] as const)
			assert.equal(downloadRecording.request(singapore, { url: written }).url, asked);
	});

	it('gives the key to the base URL of an account that has one', () => {
		assert.equal(
			downloadRecording.request(custom, { url: 'http://127.0.0.1:4010/recordings/x.mp3' }).authenticate,
			true,
		);
		assert.equal(
			downloadRecording.request(custom, { url: 'http://127.0.0.1:4010/x.mp3?x-amz-signature=a' }).authenticate,
			false,
		);
	});

	const inside = [
		'http://169.254.169.254/latest/meta-data/',
		'http://127.0.0.1/x.mp3',
		'http://127.1:4010/x.mp3',
		'http://2130706433/x.mp3',
		'https://0x7f.1/x.mp3',
		'https://0251.0376.0251.0376/latest/meta-data/',
		'https://\u2460\u2461\u2466.0.0.1/x.mp3',
		'https://169.254.169.254./latest/meta-data/',
		'https://recordings.exotel.com@127.0.0.1/x.mp3',
		'https://LOCALHOST:9200/x.mp3',
		'https://0/x.mp3',
		'https://[::ffff:169.254.169.254]/x.mp3',
		'https://[64:ff9b::a9fe:a9fe]/x.mp3',
		'https://[64:ff9b:1:a9fe:a9:fe00:808:808]/x.mp3',
		'https://[2002:7f00:1::]/x.mp3',
		'https://[fec0::1]/x.mp3',
		'http://[::1]/x.mp3',
		'http://[::ffff:10.0.0.1]/x.mp3',
		'http://[::127.0.0.1]/x.mp3',
		'https://localhost./x.mp3',
		'https://db.internal:8443/x.mp3',
		'https://user:pass@192.168.1.1/x.mp3',
	];
	for (const url of inside) {
		it(`asks no server inside this network: ${url}`, () => {
			const error = refused(() => downloadRecording.request(singapore, { url }));
			assert.deepEqual(brokenRules(error), ['url: internal']);
			assert.match(error.message, /^Recording URL leads into this network/);
		});
	}

	for (const url of [
		'http://recordings.exotel.com/x.mp3',
		'http://s3-ap-southeast-1.amazonaws.com/exotelrecordings/x.mp3',
		'http://example.com/x.mp3',
		'http://api.exotel.com/x.mp3',
	]) {
		it(`asks no server by plain http: ${url}`, () => {
			for (const account of [singapore, custom]) {
				const error = refused(() => downloadRecording.request(account, { url }));
				assert.deepEqual(brokenRules(error), ['url: http']);
				assert.match(error.message, /^Recording URL must start with https:\/\//);
			}
		});
	}

	it("asks the account's own server inside this network, and none beside it", () => {
		assert.equal(downloadRecording.request(custom, { url: 'http://127.0.0.1:4010/x.mp3' }).authenticate, true);
		for (const url of ['http://127.0.0.1:4011/x.mp3', 'http://127.0.0.1/x.mp3', 'http://10.0.0.1:4010/x.mp3'])
			assert.equal(refused(() => downloadRecording.request(custom, { url })).kind, 'input');
		// Where a name leads is judged unless it is the account's own server.
		assert.equal(downloadRecording.request(custom, { url: 'http://127.0.0.1:4010/x.mp3' }).publicOnly, false);
		assert.equal(downloadRecording.request(custom, { url: 'https://example.com/x.mp3' }).publicOnly, true);
		// The same port under another name of this machine; the key stays with the name it was given for.
		const other = downloadRecording.request(custom, { url: 'http://localhost:4010/x.mp3' });
		assert.equal(other.authenticate, false);
	});

	it('hands over the bytes and what they are', () => {
		assert.deepEqual(downloadRecording.read(answer(mp3, 200, { 'content-type': 'Audio/MPEG; x=1' }), singapore), {
			bytes: mp3,
			contentType: 'audio/mpeg',
		});
		assert.equal(
			downloadRecording.read(answer(mp3, 200, { 'content-type': 'audio/x-wav' }), singapore).contentType,
			'audio/x-wav',
		);
		assert.equal(
			downloadRecording.read(answer(mp3, 200, { 'content-type': 'binary/octet-stream' }), singapore).contentType,
			'audio/mpeg',
		);
		assert.equal(downloadRecording.read(answer(mp3), singapore).contentType, 'audio/mpeg');
		assert.equal(
			downloadRecording.read(answer(new TextEncoder().encode('RIFF....WAVE'), 206), singapore).contentType,
			'audio/wav',
		);
		assert.deepEqual(downloadRecording.read(answer('ID3'), singapore).bytes, new TextEncoder().encode('ID3'));
		assert.equal(downloadRecording.read(answer(new TextEncoder().encode('{no json')), singapore).bytes.length, 8);
	});

	it('takes nothing else for a recording', async () => {
		for (const body of [new Uint8Array(), '']) {
			const empty = refused(() => downloadRecording.read(answer(body), singapore));
			assert.deepEqual([empty.kind, empty.retryable, empty.httpStatus], ['not-found', true, 200]);
			assert.match(empty.message, /recording is empty/);
			assert.match(empty.hint, /Try again later/);
		}
		assert.match(
			refused(() => downloadRecording.read(answer(mp3, 200, { 'content-type': 'text/html' }), singapore)).message,
			/instead of a recording/,
		);
		assert.match(
			refused(() => downloadRecording.read(answer(mp3, 200, { 'content-type': 'application/json' }), singapore))
				.message,
			/instead of a recording/,
		);
		assert.match(
			refused(() => downloadRecording.read(answer(mp3, 200, { 'content-type': 'application/xml' }), singapore))
				.message,
			/instead of a recording/,
		);
		assert.match(
			refused(() => downloadRecording.read(answer(new TextEncoder().encode('  <html>log in</html>')), singapore))
				.message,
			/a web page instead of a recording/,
		);
		assert.match(
			refused(() => downloadRecording.read(answer(new TextEncoder().encode('{"error":1}')), singapore)).message,
			/data of another shape instead of a recording/,
		);
		assert.match(
			refused(() =>
				downloadRecording.read(answer(new TextEncoder().encode(`{ "error": "${'x'.repeat(500)}"}`)), singapore),
			).message,
			/data of another shape instead of a recording/,
		);
		assert.match(
			refused(() => downloadRecording.read(answer(new TextEncoder().encode('<Error/>')), singapore)).message,
			/XML of another shape instead of a recording/,
		);
		const url = 'https://recordings.exotel.com/exotelrecordings/acme1/x.mp3';
		const denied = answer(new TextEncoder().encode('<Error><Code>AccessDenied</Code></Error>'), 403);
		assert.equal((await failedWith(downloadRecording, { url }, denied)).kind, 'forbidden');
		const missing = await failedWith(downloadRecording, { url }, answer(new Uint8Array(), 404));
		assert.deepEqual([missing.kind, missing.retryable], ['not-found', true]);
	});

	it('decodes and parses no more than the beginning of what is no recording', () => {
		const decoded: number[] = [];
		const { decode } = TextDecoder.prototype;
		const { parse } = JSON;
		TextDecoder.prototype.decode = function (bytes, options) {
			decoded.push(bytes?.byteLength ?? 0);
			return decode.call(this, bytes, options);
		};
		JSON.parse = () => assert.fail('parsed');
		try {
			const body = Buffer.alloc(8 * 1024 * 1024, '{"a":1,');
			assert.match(
				refused(() => downloadRecording.read(answer(body), singapore)).message,
				/data of another shape instead of a recording/,
			);
		} finally {
			TextDecoder.prototype.decode = decode;
			JSON.parse = parse;
		}
		assert.ok(Math.max(...decoded) <= 4096, String(decoded));
	});
});
