/**
 * IP addresses and host names: which ones only this machine or this network can reach, and the lists of addresses and
 * ranges that a user allows. Read once, when a setting is read; a request is then compared with the parsed ranges.
 */
import ipaddr from 'ipaddr.js';
import type { Violation } from './errors';
import { withoutTrailing } from './payload';

/** A parsed IP address. */
export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

/** A range of addresses; a single address is a range of one. */
export interface AddressRange {
	address: IpAddress;
	prefixLength: number;
}

/** A list of ranges and what is wrong with the entries that are none. */
export interface AddressList {
	ranges: AddressRange[];
	/** `entry`: what was written there. */
	violations: (Violation & { entry: string })[];
}

/**
 * Names that never resolve on the public internet (RFC 2606, RFC 6761, RFC 6762, RFC 8375) or are used inside one
 * network only.
 */
const privateEnds: readonly string[] = [
	...['local', 'localhost', 'localdomain', 'localdomain4', 'localdomain6', 'home', 'home.arpa'],
	...['internal', 'intranet', 'private', 'corp', 'lan', 'svc', 'test', 'invalid', 'example'],
];

/** Reads an address, also `1.2.3.4:5678`, `[::1]:80` and IPv4 mapped into IPv6; null when it is not one. */
export function parseAddress(value: string | undefined): IpAddress | null {
	const bare = (value ?? '')
		.trim()
		.replace(/^\[([^\]]*)\](?::\d+)?$/, '$1')
		.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
	// Short, octal and hexadecimal forms of IPv4 (`10.1`, `012.0.0.1`) are typing mistakes here, not addresses.
	const valid = bare.includes(':') ? ipaddr.IPv6.isValid(bare) : ipaddr.IPv4.isValidFourPartDecimal(bare);
	return valid ? ipaddr.process(bare) : null;
}

/**
 * The IPv4 address that a NAT64 gateway reaches under an address of 64:ff9b::/96 (RFC 6052); any other as it is, also
 * of 64:ff9b:1::/48, which is for one network (RFC 8215).
 */
function behindNat64(address: IpAddress): IpAddress {
	if (address instanceof ipaddr.IPv4 || address.range() !== 'rfc6052' || address.parts[2] !== 0) return address;
	return new ipaddr.IPv4(address.toByteArray().slice(-4));
}

/**
 * True for a host that only this machine or this network can reach: private, loopback, link-local and reserved
 * addresses, a name without a dot such as `localhost`, and names of private domains. A dot at the end is left out.
 */
export function isPrivateHost(hostname: string): boolean {
	// The dot of the root at the end of a name changes nothing about where it leads.
	const host = withoutTrailing('.', hostname.replace(/^\[|\]$/g, '').toLowerCase());
	const address = parseAddress(host);
	if (address === null)
		return !host.includes('.') || privateEnds.some((end) => host === end || host.endsWith(`.${end}`));
	// IPv4-compatible IPv6, which some systems take for the IPv4 address in it.
	if (address instanceof ipaddr.IPv6 && address.parts.slice(0, 6).every((part) => part === 0)) return true;
	return behindNat64(address).range() !== 'unicast';
}

function parseRange(rule: string): AddressRange | null {
	const [written, prefix, ...rest] = rule.split('/');
	const address = parseAddress(written);
	if (address === null || rest.length > 0) return null;
	const longest = address.kind() === 'ipv4' ? 32 : 128;
	if (prefix === undefined) return { address, prefixLength: longest };
	const prefixLength = /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
	return prefixLength <= longest ? { address, prefixLength } : null;
}

/**
 * Reads a list of addresses and CIDR ranges, separated by commas, semicolons, blanks or lines. `field` is the name of
 * the setting in violations. A list with a violation must allow no sender.
 */
export function parseAddressList(value: string | readonly string[], field: string): AddressList {
	const written = (typeof value === 'string' ? [value] : value).filter((entry) => entry.trim() !== '');
	const rules = written.flatMap((entry) => entry.split(/[\s,;]+/)).filter((entry) => entry !== '');
	const list: AddressList = { ranges: [], violations: [] };
	// What holds nothing but separators was meant to be a list.
	for (const rule of rules.length === 0 ? written : rules) {
		const range = parseRange(rule);
		if (range !== null) list.ranges.push(range);
		else {
			const message = `"${rule}" is not an IP address or range. Examples: 203.0.113.7 and 203.0.113.0/24.`;
			list.violations.push({ field, rule: 'address', message, entry: rule });
		}
	}
	return list;
}

/** True when the address lies in one of the ranges. */
export function isWithin(address: IpAddress, ranges: readonly AddressRange[]): boolean {
	return ranges.some((range) => {
		const { prefixLength } = range;
		if (address instanceof ipaddr.IPv4 && range.address instanceof ipaddr.IPv4) {
			return address.match(range.address, prefixLength);
		}
		if (address instanceof ipaddr.IPv6 && range.address instanceof ipaddr.IPv6) {
			return address.match(range.address, prefixLength);
		}
		return false;
	});
}
