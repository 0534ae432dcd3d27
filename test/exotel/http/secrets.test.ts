/** No secret and no phone number in any error or request. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { connectNumbers, downloadRecording, type ExotelError, getCall, perform } from '../../../exotel/index';
import { redactCallbackUrls, redactSecrets, valueRedactor } from '../../../exotel/redact';
import { failureOf, networkError } from '../../../exotel/http/retry';
import { redactPhoneNumbers } from '../../../exotel/redact';
import { answer, custom, mumbai, runs, singapore } from '../samples';
import { options, scripted } from '../scripted-transport';
import { aboutCall, v1Error, v2Error, refusal } from './error-responses';

describe('secrets', () => {
	const secret = 'c2VjcmV0LWtleTpzZWNyZXQ=';

	it('are taken out of what is quoted', () => {
		assert.equal(redactSecrets(`bad header Basic ${secret}!`), 'bad header Basic ***!');
		assert.equal(redactSecrets('BEARER abcdef.ghi-j'), 'BEARER ***');
		assert.equal(redactSecrets(`Authorization: Basic ${secret}`), 'Authorization: Basic ***');
		assert.equal(redactSecrets('"authorization":"topsecret","a":1'), '"authorization":"***","a":1');
		assert.equal(
			redactSecrets('GET https://key:token@api.exotel.com/v1 failed'),
			'GET https://api.exotel.com/v1 failed',
		);
		assert.equal(redactSecrets('see https://example.com/@me and a@b.c'), 'see https://example.com/@me and a@b.c');
		assert.equal(redactSecrets(`Basic \t ${secret}`), 'Basic ***');
		assert.equal(redactSecrets('Authorization: topsecret'), 'Authorization: ***');
		assert.equal(redactSecrets('authorization=topsecret&a=1'), 'authorization=***');
		assert.equal(redactSecrets('Basic plan'), 'Basic plan');
	});

	it('are phone numbers, too: of those only the last two digits are quoted', () => {
		assert.equal(
			redactPhoneNumbers('From +919812345678, To=09812345601 (9812345602) %2B919812345603.'),
			'From …78, To=…01 (…02) …03.',
		);
		for (const kept of [
			'code 10706',
			'at 127.0.0.1:4010',
			'2026-01-31 18:30:00',
			'b6cfaf5f5cef3ca0fc937749ef960e25',
			'order-12345678',
			'1234567',
			'123456789012345678901',
		])
			assert.equal(redactPhoneNumbers(kept), kept);
		assert.equal(
			refusal(answer(v1Error(403, 'Number +919812345678 is not verified'), 403), singapore).message,
			'Exotel refused: Number …78 is not verified (HTTP 403)',
		);
		assert.equal(
			networkError(new Error('no route for 09812345678'), failureOf(null)).message,
			'Exotel could not be reached: no route for …78',
		);
	});

	it('are numbers behind a plus, however they are grouped', () => {
		for (const [written, quoted] of [
			['to +91 98765 43210.', 'to …10.'],
			['to +91-98123-45678,', 'to …78,'],
			['to %2B91%2098765%2043210&', 'to …10&'],
			['(+1.415.555.2671)', '(…71)'],
		] as const)
			assert.equal(redactPhoneNumbers(written), quoted);
		for (const kept of ['2026-01-31T18:30:00+05:30', 'a + 12', '+05:30 and +1 2'])
			assert.equal(redactPhoneNumbers(kept), kept);
	});

	it('are numbers without a plus, in the groups they are written in', () => {
		for (const [written, quoted] of [
			['to 098765 43210.', 'to …10.'],
			['to 98765-43210,', 'to …10,'],
			['"98765 43210"', '"…10"'],
			['987-654-3210 or 0987 654 3210', '…10 or …10'],
			['9876-543210, 987654-3210, 98 765 43210', '…10, …10, …10'],
			['98765.43210, 98765  43210, 98765\t43210', '…10, …10, …10'],
			['(080) 4711 2233, (080)47112233, (98765) 43210', '…33, …33, …10'],
			['9876 543 210', '…10'],
			['080-47112233, 080 4711 2233 and 022-2345 6789', '…33, …33 and …89'],
		] as const)
			assert.equal(redactPhoneNumbers(written), quoted);
		for (const kept of [
			'2026-01-31 18:30:00',
			'2026-01-31T18:30:00+05:30, 31-01-2026, 20260131-1830',
			'after 120000 ms, 30000 ms left',
			'HTTP 503 after 4 attempts, code 10731',
			'1 000 000 of 12 345 678',
			'error 40101-2345',
			'20260131-183000, 2026-013118, 183000-2026',
		])
			assert.equal(redactPhoneNumbers(kept), kept);
	});

	it('are numbers behind an escape, whose last character is a letter or a digit', () => {
		for (const before of ['To%3D', 'To%3A', '%2C', '%253D', 'a\\n', '\\t', '\\u003a', 'to_'])
			for (const [number, after] of [
				['9876543210', '_x'],
				['98765 43210', '%2C'],
				['080-4711 2210', '\\n'],
			] as const)
				assert.equal(redactPhoneNumbers(before + number + after), `${before}…10${after}`);
	});

	it('are the tokens of our own callback URLs, in whatever form a refusal repeats them', () => {
		const token = 'WEBHOOKSECRET-0123456~x';
		const url = `https://flows.example.com/exotel/make-call/1?attempt=a1&token=${token}`;
		for (const echo of [url, encodeURIComponent(url), url.replace('&', '&amp;'), `StatusCallback=${url} is bad`]) {
			for (const body of [v1Error(403, echo), JSON.stringify(v2Error(10731, echo)), echo]) {
				const error = refusal(answer(body, 403), singapore, aboutCall);
				const told = JSON.stringify([error.message, error.hint, error.raw, error.stack, error.cause]);
				assert.ok(!told.includes('WEBHOOKSECRET'), told);
			}
		}
	});

	it('are the login of our own callback URLs, in whatever form a refusal repeats them', () => {
		for (const login of ['u:LOGINSECRET', 'u%40x:LOGIN%2FSECRET', 'LOGINSECRET']) {
			const url = `https://${login}@flows.example.com/exotel/calls?by=a@b.c`;
			for (const echo of [url, encodeURIComponent(url), `StatusCallback=${encodeURIComponent(url)} is bad`]) {
				const redacted = redactSecrets(echo);
				assert.ok(!/LOGIN|SECRET/.test(redacted), redacted);
				assert.match(redacted, /(?:\/\/|%2F%2F)flows\.example\.com.*a(?:@|%40)b\.c/);
			}
		}
	});

	it('are a login quoted decoded, with what ends an address in its password', () => {
		for (const password of [
			'pa/SECRET-word',
			'p@SECRET',
			"pa'SECRET",
			'p@a/SECRET',
			'a//SECRET',
			'1?SECRET',
			'12/SECRET',
		]) {
			const url = `https://hook:${password}@flows.example.com:8443/exotel/calls`;
			for (const echo of [url, `see https://a.example.com/x,${url} for it`, encodeURIComponent(url)]) {
				const redacted = redactSecrets(echo);
				assert.ok(!/SECRET|hook/.test(redacted), redacted);
				assert.match(redacted, /(?:\/\/|%2F%2F)flows\.example\.com/);
			}
		}
		for (const kept of [
			'https://example.com:8443/@me,http://localhost:1880/a@b',
			"'https://example.com','a@b.c'",
			'https%3A%2F%2Fexample.com%3A8443%2F%40me',
			'//a//b//c, a@b.c',
		])
			assert.equal(redactSecrets(kept), kept);
	});

	it('are a login in an address that is longer than any, with all that stands before it', () => {
		const long = `//a/${'x'.repeat(10_000)},//u:LOGINSECRET@flows.example.com/a`;
		assert.equal(redactSecrets(`see ${long} for it`), 'see //flows.example.com/a for it');
		assert.ok(!redactSecrets(encodeURIComponent(long)).includes('SECRET'));
		assert.equal(redactSecrets(`//a/${'x'.repeat(10_000)}`), `//a/${'x'.repeat(10_000)}`);
	});

	it('are looked for in a time that grows with the text, not with its square', () => {
		const shortest = (text: string): number =>
			Math.min(
				...[1, 2, 3].map(() => {
					const { user } = process.cpuUsage();
					redactPhoneNumbers(redactSecrets(text));
					return process.cpuUsage().user - user;
				}),
			);
		for (const piece of ['//a', '//a.b', '//a@', '%2F%2Fa', "//'", '//a.b@', '98 ', '(0', '%20', '9.'])
			for (const end of ['', '@', '%40']) assert.ok(shortest(piece.repeat(100_000) + end) < 1_000_000, piece);
		// Nearly a number: what stands between its digits may be read in one way only.
		for (const gap of [
			'    ',
			' - ',
			'-+-+',
			'%20%20',
			'%2D  ',
			'\t\t',
			'\\t\\t',
			'&nbsp; ',
			'(( ',
			'. . ',
			'\u2009 \u2009 ',
		])
			for (let digits = 2; digits <= 16; digits += 1) {
				const nearly = `${Array.from({ length: digits }, (_, index) => index % 10).join(gap)}${gap}x`;
				assert.ok(shortest(nearly.repeat(300)) < 1_000_000, JSON.stringify(nearly));
			}
	});

	it('are looked for quickly in a text of 4 MB without a login', () => {
		const text = '//a'.repeat(1_400_000);
		const times = [1, 2, 3].map(() => {
			const { user } = process.cpuUsage();
			assert.equal(redactCallbackUrls(text), text);
			return process.cpuUsage().user - user;
		});
		assert.ok(Math.min(...times) < 150_000, `${times.join()} µs`);
	});

	it('are taken out however the body spells them', () => {
		const message = (words: string) => `{"RestException":{"Status":403,"Message":"${words}"}}`;
		const nested = (levels: number) =>
			message(`no","a":${'['.repeat(levels)}"token=TOK99"${']'.repeat(levels)},"b":"`);
		const bodies = [
			message('see https:\\/\\/KEY12:TOK99@api.exotel.com\\/v1'),
			message('\\u0042asic S0VZMTI6VE9LOTk= was sent to \\u002f\\u002fKEY12:TOK99@api.exotel.com'),
			message('StatusCallback=https:\\/\\/x\\/?t\\u006fken=TOK99'),
			// A body of JSON inside a text of the body.
			message('{\\"a\\":\\"https:\\\\/\\\\/KEY12:TOK99@api.exotel.com t\\\\u006fken=TOK99\\"}'),
			'{"RestException":{"Status":403,"Message":"no","Sent":{"Auth\\u006frization":"TOK99","api_token":["TOK99"]}}}',
			'{"RestException":{"Status":403,"Message":"no","https://KEY12:TOK99@a.b/":1}}',
			nested(48),
			'<R><RestException><Message>https:&#47;&#x2f;KEY12:TOK99@a.b t&#111;ken=TOK99</Message></RestException></R>',
			'<R><RestException><Message><![CDATA[//KEY12:TOK99@a.b]]></Message><Authorization>TOK99</Authorization>' +
				'</RestException></R>',
		];
		for (const body of bodies) {
			for (const sent of [body, new TextEncoder().encode(body)]) {
				const error = refusal(answer(sent, 403), singapore, aboutCall);
				const told = JSON.stringify([error.message, error.hint, error.raw, error.code, error.requestId]);
				assert.ok(!/KEY12|TOK99|S0VZMTI/.test(told), told);
				assert.notEqual(error.raw, null);
			}
		}
		const { message: told, raw } = refusal(answer(nested(49), 403), singapore, aboutCall);
		assert.deepEqual([raw, told.includes('TOK99')], [null, false], 'nothing is quoted of what nests deeper');
	});

	it('are all that is taken out: numbers, flags and other words of the body stay', () => {
		const body = { RestException: { Status: 403, Message: 'C:\\new "x"', a: [1, null, true, 'b'], c: { d: '' } } };
		assert.deepEqual(refusal(answer(JSON.stringify(body), 403), singapore).raw, body);
	});

	it('are not quoted at any length', () => {
		assert.equal(
			refusal(answer(v1Error(403, 'x'.repeat(10_000)), 403), singapore).message,
			`Exotel refused: ${'x'.repeat(500)} (HTTP 403)`,
		);
	});

	it('appear in no part of a refusal that repeats the request', () => {
		const echo = `Authorization: Basic ${secret} at https://key:tok3n@api.exotel.com/`;
		for (const body of [
			v1Error(403, echo),
			`<html>${echo}</html>`,
			echo,
			JSON.stringify(v2Error(10731, echo)),
			`<TwilioResponse><RestException><Message>${echo}</Message></RestException></TwilioResponse>`,
		]) {
			for (const status of [400, 401, 403, 404, 429, 500]) {
				const error = refusal(answer(body, status), singapore, aboutCall);
				const told = JSON.stringify([error.message, error.hint, error.raw, error.stack, error.cause]);
				assert.ok(!told.includes(secret) && !told.includes('tok3n'), told);
			}
		}
		const bytes = refusal(answer(new TextEncoder().encode(v1Error(403, echo)), 403), singapore, aboutCall);
		assert.match(bytes.message, /Basic \*\*\*/);
		assert.ok(!bytes.message.includes('tok3n'));
		// An error body under a 2xx status, too.
		const under200 = refusal(answer(v1Error(403, echo), 200), singapore, aboutCall);
		assert.ok(!JSON.stringify([under200.message, under200.raw]).includes(secret));
	});

	it("whatever the body, a failed status gives an error with a hint and at most Exotel's words", () => {
		fc.assert(
			fc.property(
				fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.uint8Array()),
				fc.integer({ min: 300, max: 599 }),
				fc.constantFrom(singapore, mumbai, custom),
				(body, status, account) => {
					const error = refusal(answer(body, status), account, aboutCall);
					assert.equal(error.httpStatus, status);
					assert.notEqual(error.hint, '');
					assert.notEqual(error.message, '');
				},
			),
			runs,
		);
	});

	it('of our own callback URLs are in no result and no raw answer, however the answer spells them', async () => {
		const url = 'https://hook:LOGINSECRET@flows.example.com/exotel/1?attempt=a1&token=WEBHOOKSECRET-0123';
		const recording = 'https://s3.example.com/a.mp3?token=kept&X-Amz-Security-Token=kept';
		for (const echo of [url, encodeURIComponent(url), url.replaceAll('&', '&amp;')]) {
			const call = {
				...{ Sid: 'b6cfaf5f5cef3ca0fc937749ef960e25', StatusCallback: echo, status_callback: [{ url: echo }] },
				...{ RecordingUrl: recording, CustomField: '?token=mine', Uri: '/v1/x?X-Amz-Security-Token=kept' },
			};
			const json = JSON.stringify({ Call: call });
			const xml = `<R><Call><Sid>${call.Sid}</Sid><StatusCallback>${echo.replace(/&(?!amp)/g, '&amp;')}</StatusCallback></Call></R>`;
			for (const body of [json, json.replaceAll('token', 't\\u006fken').replaceAll('/', '\\/'), xml]) {
				const { transport } = scripted(answer(body));
				const { result, raw } = await perform(getCall, singapore, { sid: call.Sid }, options(transport));
				const told = JSON.stringify([result, raw]);
				assert.ok(!/WEBHOOKSECRET|LOGINSECRET|hook/.test(told), told);
				assert.match(told, /flows\.example\.com/);
				if (body === xml) continue;
				assert.deepEqual([result.recordingUrl, result.customField], [recording, '?token=mine']);
				assert.deepEqual((raw as { Call: object }).Call, {
					...call,
					StatusCallback: (raw as { Call: typeof call }).Call.StatusCallback,
					status_callback: (raw as { Call: typeof call }).Call.status_callback,
				});
			}
		}
	});

	it('are the signature that lets a waiting run of n8n go on, also encoded twice, and a token by its name', async () => {
		const address = 'https://n8n.example.com/webhook-waiting/1/a?signature=WAITSECRET0123&attempt=a1';
		const recording = 'https://s3.example.com/a.mp3?X-Amz-Signature=kept&Signature=kept';
		for (const url of [address, address.replace('signature', 'token')]) {
			for (const echo of [url, encodeURIComponent(url), encodeURIComponent(encodeURIComponent(url))]) {
				const call = { Sid: 'b6cfaf5f5cef3ca0fc937749ef960e25', StatusCallback: echo, Uri: recording };
				const told = { customer_details: { a: echo }, recorded_request: { b: [echo] } };
				const { transport } = scripted(answer(JSON.stringify({ Call: call, told })));
				const { result, raw } = await perform(getCall, singapore, { sid: call.Sid }, options(transport));
				const error = refusal(answer(v1Error(403, echo), 403), singapore);
				const shown = JSON.stringify([result, raw, error.message, error.raw]);
				assert.doesNotMatch(shown, /WAITSECRET/);
				assert.ok(shown.includes(recording), shown);
			}
		}
		const named = { Call: { Sid: 'b6cfaf5f5cef3ca0fc937749ef960e25' }, query: { token: 'a', signature: 'b' } };
		const { transport } = scripted(answer(JSON.stringify(named)));
		const { raw } = await perform(getCall, singapore, { sid: named.Call.Sid }, options(transport));
		assert.deepEqual(raw, { ...named, query: { token: '***', signature: '***' } });
	});

	it('are in no part of a raw answer but what the user wrote and addresses of recordings', async () => {
		const url = 'https://hook:LOGINSECRET@flows.example.com/exotel/1?attempt=a1&token=WEBHOOKSECRET-0123';
		const mine = 'https://me:mine@a.example?token=mine';
		const call = {
			...{ Sid: 'b6cfaf5f5cef3ca0fc937749ef960e25', CustomField: mine, custom_field: mine },
			...{ RecordingUrl: mine, PreSignedRecordingUrl: mine, recordings: [{ url: mine }, null] },
		};
		const told = {
			...{ customer: { callback: url }, CustomField: { [url]: url }, record: [url], custom: url },
			...{ recordings: [url, { url: { a: url }, callback: url }], recording_settings: { url } },
			[`custom ${url}`]: 1,
		};
		const body = { Call: call, Again: told };
		const { transport } = scripted(answer(JSON.stringify(body)));
		const { raw } = await perform(getCall, singapore, { sid: call.Sid }, options(transport));
		assert.deepEqual((raw as typeof body).Call, call);
		const again = JSON.stringify((raw as typeof body).Again);
		assert.ok(!/WEBHOOKSECRET|LOGINSECRET|hook/.test(again), again);
	});

	it('are in no error about an answer that could not be read', async () => {
		const broken = { ...getCall, read: () => assert.fail('a bug') };
		const body = { Call: { CustomField: 'https://key:TOK99@a.example', api_token: 'TOK99' } };
		const { transport } = scripted(answer(JSON.stringify(body)));
		const sid = 'b6cfaf5f5cef3ca0fc937749ef960e25';
		await assert.rejects(perform(broken, singapore, { sid }, options(transport)), {
			raw: { Call: { CustomField: 'https://a.example', api_token: '***' } },
		});
	});

	it('are the key and the token of the account, which no result repeats either', async () => {
		const secrets = ['KEYSECRET-of-the-account', 'TOKENSECRET-of-the-account'];
		const body = {
			Call: { Sid: 'b6cfaf5f5cef3ca0fc937749ef960e25', As: secrets.join(' '), By: btoa(secrets.join(':')) },
		};
		const { transport } = scripted(answer(JSON.stringify(body)));
		const { raw } = await perform(getCall, singapore, { sid: body.Call.Sid }, options(transport, { secrets }));
		assert.deepEqual(raw, { Call: { ...body.Call, As: '*** ***', By: '***' } });
	});

	it('are these also in Base64 of any kind, with anything around them, and behind escapes', async () => {
		const secrets = ['KEYSECRET+of/the-account', 'TOKENSECRET-of.the~account'];
		const [key = '', token = ''] = secrets;
		const logins = [key, token, `${key}:${token}`, `acme1:${token}`, `ab:${key}`, `Authorization: ${token}!`];
		const encoded = logins.flatMap((login) => {
			const bytes = Buffer.from(login);
			const base64 = bytes.toString('base64');
			return [base64, base64.replace(/=+$/, ''), bytes.toString('base64url'), encodeURIComponent(base64)];
		});
		const escapes: ((text: string) => string)[] = [
			(text) => text,
			(text) => text.replaceAll('/', '\\/'),
			(text) => encodeURIComponent(text),
			(text) => encodeURIComponent(encodeURIComponent(text)),
			(text) => text.replace(/[^%]/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`),
		];
		const sid = 'b6cfaf5f5cef3ca0fc937749ef960e25';
		const told = async (body: string, status = 200, operation: 'call' | 'recording' = 'call'): Promise<string> => {
			const sent = operation === 'call' ? body : new TextEncoder().encode(body);
			const more = options(scripted(answer(sent, status)).transport, { secrets, maxAttempts: 1 });
			const reading =
				operation === 'call'
					? perform(getCall, singapore, { sid }, more)
					: perform(downloadRecording, singapore, { url: 'https://recordings.exotel.com/a.mp3' }, more);
			return await reading.then(
				({ raw }) => JSON.stringify(raw),
				({ message, raw }: ExotelError) => JSON.stringify([message, raw]),
			);
		};
		/** The text, and all that can be read in it as Base64, wherever that begins. */
		const readable = (text: string): string =>
			[0, 1, 2, 3]
				.flatMap((from) => [...text.matchAll(/[\w+/-]{8,}/g)].map(([found]) => found.slice(from)))
				.map((found) => Buffer.from(found, 'base64').toString('latin1'))
				.join(' ') + text;
		for (const form of [...secrets, ...encoded]) {
			for (const escape of escapes) {
				const ok = `{"Call":{"Sid":"${sid}","A":"${escape(form)}","B":"\\\\u0061\\/"}}`;
				const refused = `{"RestException":{"Status":403,"Message":"${escape(form)}","A":["${escape(form)}"]}}`;
				for (const shown of [await told(ok), await told(refused, 403), await told(refused, 403, 'recording')])
					assert.doesNotMatch(readable(shown), /SECRET|account/, `${escape(form)} became ${shown}`);
				assert.match(await told(ok), /"B":"\\\\u0061\/"/);
			}
			const xml = form.replace(/./g, (one, at: number) =>
				at % 2 === 0 ? `&#${one.charCodeAt(0)};` : `&#x${one.charCodeAt(0).toString(16)};`,
			);
			assert.doesNotMatch(readable(await told(`<R><Call><Sid>${sid}</Sid><A>${xml}</A></Call></R>`)), /SECRET/);
			assert.doesNotMatch(readable(await told(`<Error><Key>${form}</Key></Error>`, 403, 'recording')), /SECRET/);
		}
	});

	it('are these also in Base64 of Base64, in hexadecimal digits, and behind percent escapes in lower case', () => {
		const [key, token] = ['KEYSECRET/of the:account', 'TOKENSECRET-0123456789abcdef'];
		const redact = valueRedactor([key, token]);
		const base64 = (text: string): string => Buffer.from(text).toString('base64');
		const hex = (text: string): string => Buffer.from(text).toString('hex');
		for (const login of [token, `${key}:${token}`, `a${key}`, `ab${token}`]) {
			for (const before of ['', 'Basic ', 'Basic: ', '{"a":"']) {
				const twice = base64(`${before}${base64(login)}"}`);
				for (const form of [twice, twice.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')]) {
					const once = Buffer.from(redact(`<${form}>`), 'base64').toString('latin1');
					const read = [0, 1, 2, 3].map((from) => once.slice(from)).flatMap((text) => text.split(/[^\w+/]+/));
					const told = read.map((text) => Buffer.from(text, 'base64').toString('latin1')).join(' ');
					assert.doesNotMatch(told, /SECRET/, `${before}${login}`);
				}
			}
			for (const form of [hex(login), hex(login).toUpperCase()])
				assert.doesNotMatch(Buffer.from(redact(form).replaceAll('***', ''), 'hex').toString(), /SECRET/);
		}
		const escaped = encodeURIComponent(key);
		const lower = escaped.replace(/%../g, (one) => one.toLowerCase());
		for (const form of [lower, lower.replaceAll('%', '%25')]) assert.equal(redact(`a ${form} b`), 'a *** b');
		assert.equal(redact(`${hex('another key of 24 bytes!')} %2f`), `${hex('another key of 24 bytes!')} %2f`);
	});

	it('are these in a time that grows with the text, also of a server that knows them', () => {
		const secrets = ['0123456789abcdef'.repeat(3), 'KEYSECRETKEYSECRETKEYSECRETKEYSECRET'];
		const redact = valueRedactor(secrets);
		const forms = secrets.flatMap((text) => [
			text,
			btoa(text),
			btoa(btoa(text)),
			Buffer.from(text).toString('hex'),
		]);
		for (const form of forms) {
			for (const piece of [form.slice(0, -9), form.slice(9), form.slice(0, 12), form.slice(0, 1)]) {
				const text = piece.repeat(1_000_000 / piece.length);
				const times = [1, 2, 3].map(() => {
					const { user } = process.cpuUsage();
					redact(text);
					return process.cpuUsage().user - user;
				});
				assert.ok(Math.min(...times) < 100_000, `${piece}: ${times.join()} µs`);
			}
		}
	});

	it('are all that is taken out of an answer with escapes', async () => {
		const call = { Sid: 'b6cfaf5f5cef3ca0fc937749ef960e25', CustomField: '%41&#65;\\u0041"é\\', By: 'x/' };
		const body = JSON.stringify({ Call: call }).replaceAll('/', '\\/');
		const secrets = ['KEYSECRET-of-the-account', 'TOKENSECRET-of-the-account'];
		const { raw } = await perform(
			getCall,
			singapore,
			{ sid: call.Sid },
			options(scripted(answer(body)).transport, { secrets }),
		);
		assert.deepEqual(raw, { Call: call });
	});

	it('are in no request', () => {
		const requests = [
			connectNumbers.request(singapore, { from: '+919413740001', to: '+918867990002', exoPhone: '01130830003' }),
			getCall.request(singapore, { sid: 'b6cfaf5f5cef3ca0fc937749ef960e25' }),
		];
		for (const request of requests)
			assert.ok(!('authorization' in request.headers) && new URL(request.url).username === '');
	});
});
