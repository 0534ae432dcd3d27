/**
 * Bodies made to stall, fill or break whoever reads them: texts of a megabyte, 100,000 keys, elements and parts, deep
 * nesting. The same ones go to every entry point of the three packages.
 */

/** One body, with the media type it claims. */
export interface Body {
	name: string;
	type: string;
	text: string;
	/** A list that no text holds; a flow makes one in its own program. */
	list?: readonly unknown[];
}

const LENGTH = 1_000_000;
const MANY = 100_000;
const SID = 'b6cfaf5f5cef3ca0fc937749ef960e25';

const json = (name: string, text: string): Body => ({ name: `JSON: ${name}`, type: 'application/json', text });
const form = (name: string, text: string): Body => ({
	name: `form: ${name}`,
	type: 'application/x-www-form-urlencoded',
	text,
});
const multipart = (name: string, text: string): Body => ({
	name: `multipart: ${name}`,
	type: 'multipart/form-data; boundary=b',
	text,
});
const xml = (name: string, text: string): Body => ({ name: `XML: ${name}`, type: 'application/xml', text });

/** `count` times what `write` gives. */
const many = (count: number, write: (index: number) => string, between = ''): string =>
	Array.from({ length: count }, (_, index) => write(index)).join(between);

/** The text in the middle makes an expression that is bound to an end try every place. */
const pump = (text: string): string => {
	const half = text.repeat(Math.floor(LENGTH / 2 / text.length) - 50);
	return `${half}x${half}x`;
};

const PUMPS = ['"', ' ', '0', '+', '%', '[', '<', '&', '=', '-', '\\', 'é', '9 ', '+9 ', 'Basic ', '//a@', 'token='];
const FIELDS = ['CallSid', 'digits', 'From', 'Status', 'CurrentTime', 'RecordingUrl', 'Legs'];
const part = (name: string, value: string): string =>
	`--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

function longTexts(fields: readonly string[]): Body[] {
	return PUMPS.flatMap((character, index) => {
		const field = fields[index % fields.length] as string;
		const text = pump(character);
		return [
			json(
				`1 MB of ${character} in ${field}`,
				JSON.stringify({ CallSid: SID, [field]: text }).slice(0, 1_048_576),
			),
			form(`1 MB of ${character} in ${field}`, `CallSid=${SID}&${field}=${text}`),
			multipart(`1 MB of ${character} in ${field}`, `${part('CallSid', SID)}${part(field, text)}--b--\r\n`),
			json(`1 MB of ${character}`, text),
			form(`1 MB of ${character}`, text),
			multipart(`1 MB of ${character}`, text),
		];
	});
}

/** Bodies of requests. */
export const requestBodies: readonly Body[] = [
	...longTexts(FIELDS),
	json('100,000 keys', `{"CallSid":"${SID}",${many(MANY, (index) => `"${index}":1`, ',')}}`),
	json('100,000 nested keys', `{"CallSid":"${SID}",${many(MANY / 2, (index) => `"L[${index}][a]":1`, ',')}}`),
	json('100,000 legs', `{"CallSid":"${SID}","Legs":[${many(MANY, () => '{}', ',')}]}`),
	json('100,000 levels', `{"CallSid":"${SID}","Legs":${'['.repeat(MANY)}${']'.repeat(MANY)}}`),
	json('100,000 levels of objects', `{"a":`.repeat(MANY) + '1' + '}'.repeat(MANY)),
	json('100,000 levels without end', '['.repeat(MANY)),
	json('1 MB of open brackets', `{"Legs":${'['.repeat(LENGTH)}`),
	json('500,000 levels', `{"Legs":${'['.repeat(LENGTH / 2)}${']'.repeat(LENGTH / 2)}}`),
	json('300,000 empty lists', `{"Legs":[${many(300_000, () => '[]', ',')}]}`),
	form('100,000 keys', `CallSid=${SID}&${many(MANY, (index) => `${index}=1`, '&')}`),
	form('100,000 nested keys', `CallSid=${SID}&${many(MANY / 2, (index) => `Legs[${index}][Status]=1`, '&')}`),
	form('100,000 times one key', `CallSid=${SID}&${many(MANY, () => 'Legs[]=1', '&')}`),
	form('100,000 levels', `CallSid=${SID}&Legs${'[a]'.repeat(MANY)}=1`),
	form('100,000 empty pairs', '&'.repeat(MANY)),
	multipart('15,000 parts', `${many(15_000, (index) => part(`p${index}`, '1'))}--b--\r\n`),
	multipart('100,000 parts', `${many(MANY, (index) => part(`p${index}`, '1'))}--b--\r\n`),
	multipart('100,000 boundaries', '--b\r\n'.repeat(MANY)),
	multipart('100,000 headers', `--b\r\n${'a: b\r\n'.repeat(MANY)}\r\n1\r\n--b--\r\n`),
	multipart('nearly boundaries', '\r\n--'.repeat(LENGTH / 4)),
	{
		name: 'multipart: a boundary of 8,000 characters',
		type: `multipart/form-data; boundary=${'b'.repeat(8_000)}`,
		text: '-'.repeat(LENGTH),
	},
];

/** Bodies of responses, as a server that takes the place of Exotel's gives them. */
export const responseBodies: readonly Body[] = [
	...longTexts(['Sid', 'From', 'Status', 'DateCreated', 'RecordingUrl']),
	...requestBodies.filter(({ type }) => type === 'application/json'),
	json('4 MB of open brackets', `{"Numbers":${'['.repeat(4 * LENGTH)}`),
	json('200,000 levels', `{"Call":{"Sid":"${SID}","a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`),
	json('4,000 levels', `{"Call":{"Sid":"${SID}","a":${'['.repeat(4_000)}${']'.repeat(4_000)}}}`),
	json('4 MB of keys', `{"Call":{"Sid":"${SID}",${many(300_000, (index) => `"x${index}":1`, ',')}}}`),
	json('4 MB of text', JSON.stringify({ Call: { Sid: SID, From: 'x'.repeat(4 * LENGTH) } })),
	json('4 MB of escapes', `{"Call":{"Sid":"${SID}","From":"${'\\"'.repeat(LENGTH)}"}}`),
	json('100,000 calls', `{"Calls":[${many(MANY, () => '{"Sid":"a"}', ',')}]}`),
	json('100,000 keys in a call', `{"Call":{"Sid":"${SID}",${many(MANY, (index) => `"${index}":1`, ',')}}}`),
	json('1 MB of a refusal', JSON.stringify({ RestException: { Status: 403, Message: pump('09812345678 ') } })),
	...PUMPS.map((text) =>
		json(`a refusal of 1 MB of ${text}`, JSON.stringify({ RestException: { Status: 403, Message: pump(text) } })),
	),
	xml('100,000 calls', `<TwilioResponse>${many(MANY, () => '<Call><Sid>a</Sid></Call>')}</TwilioResponse>`),
	xml('100,000 levels', `<TwilioResponse>${'<a>'.repeat(MANY)}${'</a>'.repeat(MANY)}</TwilioResponse>`),
	xml('100,000 levels without end', `<TwilioResponse>${'<a>'.repeat(MANY)}`),
	xml('35,000 levels', `<TwilioResponse>${'<a>'.repeat(35_000)}${'</a>'.repeat(35_000)}</TwilioResponse>`),
	xml('60,000 elements', `<TwilioResponse>${'<a/>'.repeat(60_000)}</TwilioResponse>`),
	xml('250 kB of text', `<TwilioResponse><Call><Sid>${'a'.repeat(250_000)}</Sid></Call></TwilioResponse>`),
	xml('100,000 attributes', `<TwilioResponse ${many(MANY, (index) => `a${index}="1"`, ' ')}/>`),
	xml('100,000 entities', `<TwilioResponse><a>${'&amp;'.repeat(MANY)}</a></TwilioResponse>`),
	xml(
		'entities of entities',
		`<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">${many(20, (index) => `<!ENTITY a${index} "${'&a;'.repeat(10)}">`)}]>` +
			'<TwilioResponse><Call>&a19;</Call></TwilioResponse>',
	),
	...['<', '<!--', '<![CDATA[', '&', '<a ', '<a b="', ']]>', '<?'].map((text) =>
		xml(`1 MB of ${text}`, `<TwilioResponse>${pump(text)}`),
	),
];

/** A list of nothing but holes. */
function holes(length: number): unknown[] {
	const list: unknown[] = [];
	list.length = length;
	return list;
}

/** Lists that say they have more values than can be looked at. */
export const listBodies: Body[] = [
	{ name: 'list: 4,000,000,000 holes', list: holes(4_000_000_000) },
	{ name: 'list: a proxy of 1,000,000,000', list: new Proxy<unknown[]>([], { get: endless }) },
	{ name: 'list: 10,000 lists of 10,000 holes', list: Array.from({ length: 10_000 }, () => holes(10_000)) },
	{ name: 'list: a list of 4,000,000,000 holes', list: ['+919876543210', holes(4_000_000_000)] },
].map(({ name, list }) => ({ name, list, type: 'none', text: '' }));

function endless(list: unknown[], key: string | symbol): unknown {
	return key === 'length' ? 1_000_000_000 : Reflect.get(list, key);
}
