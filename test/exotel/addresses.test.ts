/** IP addresses and names: who is on a private network, and which lists of addresses are valid. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isPrivateHost, isWithin, parseAddress, parseAddressList } from '../../exotel/addresses';
import { runs } from './samples';

const privateAddresses: Readonly<Record<string, readonly string[]>> = {
	'this network': ['0.0.0.0', '0.1.2.3'],
	'10.0.0.0/8': ['10.0.0.0', '10.255.255.255'],
	'carrier-grade NAT': ['100.64.0.0', '100.127.255.255'],
	loopback: ['127.0.0.1', '127.255.255.254', '::1'],
	'link-local': ['169.254.0.1', '169.254.169.254', 'fe80::1', 'febf::1'],
	'172.16.0.0/12': ['172.16.0.0', '172.31.255.255'],
	'192.168.0.0/16': ['192.168.0.0', '192.168.255.255'],
	documentation: ['192.0.2.1', '198.51.100.7', '203.0.113.255', '2001:db8::1'],
	benchmarks: ['198.18.0.1', '198.19.255.255'],
	multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1'],
	'reserved and broadcast': ['240.0.0.1', '255.255.255.255'],
	unspecified: ['::'],
	'unique local (ULA)': ['fc00::1', 'fd12:3456:789a::1', 'fdff::'],
	'IPv4-compatible IPv6': ['::127.0.0.1', '::7f00:1', '::808:808'],
	'IPv4 inside other IPv6': ['64:ff9b::7f00:1', '64:ff9b::a9fe:a9fe', '64:ff9b::a00:1', '2002:7f00:1::'],
	'a NAT64 gateway of one network': ['64:ff9b:1:a9fe:a9:fe00:808:808', '64:ff9b:1::808:808'],
	'IPv4 mapped into IPv6': ['::ffff:10.0.0.1', '::ffff:127.0.0.1', '::ffff:a00:1', '::ffff:192.168.1.1'],
};

const publicAddresses = [
	'1.1.1.1',
	'8.8.8.8',
	'9.255.255.255',
	'11.0.0.0',
	'100.63.255.255',
	'100.128.0.0',
	'126.255.255.255',
	'128.0.0.1',
	'172.15.255.255',
	'172.32.0.0',
	'192.167.255.255',
	'192.169.0.0',
	'2606:4700:4700::1111',
	'::ffff:8.8.8.8',
	// Behind a NAT64 gateway.
	'64:ff9b::808:808',
];

describe('a private host', () => {
	for (const [range, addresses] of Object.entries(privateAddresses)) {
		it(`is an address of the range: ${range}`, () => {
			for (const address of addresses) {
				assert.equal(isPrivateHost(address), true, address);
				assert.equal(isPrivateHost(`[${address}]`), true, `[${address}]`);
			}
		});
	}

	it('is not an address of the internet, up to the borders of the ranges', () => {
		for (const address of publicAddresses) assert.equal(isPrivateHost(address), false, address);
	});

	it('is a name that only one machine or network knows', () => {
		for (const name of [
			'localhost',
			'LOCALHOST',
			'app.localhost',
			'nas',
			'printer.local',
			'db.internal',
			'router.lan',
			'tv.home',
			'a.test',
			'a.invalid',
			'a.example',
			'A.LOCAL',
			'localhost.',
			'foo.localhost.',
			'db.internal.',
			'nas.',
			'home.arpa',
			'a.home.arpa',
			'a.home.arpa.',
			'wiki.corp',
			'127.0.0.1.',
		]) {
			assert.equal(isPrivateHost(name), true, name);
		}
	});

	it('is not a name of the internet, whatever it resembles', () => {
		for (const name of [
			'flows.example.com',
			'flows.example.com.',
			'arpa.in',
			'local.com',
			'internal.example.org',
			'mylan.in',
			'10.0.0.1.nip.io',
		]) {
			assert.equal(isPrivateHost(name), false, name);
		}
	});

	it('is every address of a private range', () => {
		const byte = fc.integer({ min: 0, max: 255 });
		const inRange = fc.oneof(
			fc.tuple(fc.constant(10), byte, byte, byte),
			fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
			fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
			fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), byte, byte),
			fc.tuple(fc.constant(127), byte, byte, byte),
		);
		const property = fc.property(inRange, (bytes) => {
			assert.equal(isPrivateHost(bytes.join('.')), true);
			assert.equal(isPrivateHost(`::ffff:${bytes.join('.')}`), true);
		});
		fc.assert(property, runs);
	});
});

describe('an address', () => {
	it('is read with port, brackets or blanks', () => {
		for (const written of ['203.0.113.7', ' 203.0.113.7 ', '203.0.113.7:8443', '::ffff:203.0.113.7']) {
			assert.equal(parseAddress(written)?.toString(), '203.0.113.7', written);
		}
		for (const written of ['2606:4700::1', '[2606:4700::1]', '[2606:4700::1]:443']) {
			assert.equal(parseAddress(written)?.toString(), '2606:4700::1', written);
		}
	});

	it('is null for anything else', () => {
		for (const written of [
			undefined,
			'',
			' ',
			'localhost',
			'1.2.3.4.5',
			'256.1.1.1',
			':::',
			'1.2.3.4:x',
			'1.2.3',
			'0x7f.0.0.1',
			'012.0.0.1',
			'2130706433',
		]) {
			assert.equal(parseAddress(written), null, written);
		}
	});
});

describe('a list of addresses', () => {
	const within = (address: string, list: string | readonly string[]): boolean => {
		const parsed = parseAddress(address);
		return parsed !== null && isWithin(parsed, parseAddressList(list, 'allowed').ranges);
	};

	it('is separated by commas, semicolons, blanks or lines, or is a list already', () => {
		const rules = ['203.0.113.7', '198.51.100.0/24', '2001:db8::/32'];
		for (const list of [
			rules.join(','),
			rules.join(';'),
			rules.join('; '),
			rules.join('\n'),
			rules.join('\r\n'),
			rules.join(' '),
			`${rules.join(',')},`,
			rules,
			[`${rules[0]} ${rules[1]}`, `${rules[2]}`],
		]) {
			const { ranges, violations } = parseAddressList(list, 'allowed');
			assert.deepEqual([ranges.length, violations], [3, []], JSON.stringify(list));
		}
	});

	it('contains single addresses and ranges of either family', () => {
		assert.equal(within('203.0.113.7', '203.0.113.7'), true);
		assert.equal(within('203.0.113.8', '203.0.113.7'), false);
		assert.equal(within('203.0.113.255', '203.0.113.0/24'), true);
		assert.equal(within('203.0.114.0', '203.0.113.0/24'), false);
		assert.equal(within('2001:db8:1::1', '2001:db8::/32'), true);
		assert.equal(within('2001:db9::1', '2001:db8::/32'), false);
		assert.equal(within('::ffff:203.0.113.7', '203.0.113.0/24'), true);
		assert.equal(within('203.0.113.7', '2001:db8::/32'), false);
		assert.equal(within('2001:db8::1', '203.0.113.0/24'), false);
		assert.equal(within('1.2.3.4', '0.0.0.0/0'), true);
		assert.equal(within('1.2.3.4', ''), false);
	});

	it('names every entry that is neither', () => {
		const wrong = ['203.0.113', '10.0.0.0/33', '::1/129', '1.2.3.4/24/8', '1.2.3.4/', '1.2.3.4/-1', 'any'];
		const { ranges, violations } = parseAddressList(['203.0.113.7', ...wrong], 'allowedAddresses');
		assert.equal(ranges.length, 1);
		assert.deepEqual(
			violations,
			wrong.map((rule) => ({
				field: 'allowedAddresses',
				rule: 'address',
				message: `"${rule}" is not an IP address or range. Examples: 203.0.113.7 and 203.0.113.0/24.`,
				entry: rule,
			})),
		);
	});

	it('is read from any text without an error', () => {
		const property = fc.property(fc.string(), (text) => {
			const { ranges, violations } = parseAddressList(text, 'allowed');
			const entries = text.split(/[\s,;]+/).filter((entry) => entry !== '');
			// Separators alone were meant to be a list.
			const read = entries.length === 0 && text.trim() !== '' ? 1 : entries.length;
			assert.equal(ranges.length + violations.length, read);
		});
		fc.assert(property, runs);
	});
});
