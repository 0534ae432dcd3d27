/**
 * Circle, operator, type and DND of an Indian number (seed 004); the same number always has the same. A landline's
 * circle follows its STD code, everything else is made up.
 */
import { circles, operators } from './telecom-tables';
import { circleOfLandline, isLandline } from '../model/landlines';
import { digest } from '../model/random';
import { lineKey } from '../model/phone-numbers';

/** The documentation's own sample number has the documented answer. */
const SAMPLE_NUMBER = 'XXXXX30240';
const sample = { circle: 'GJ', operator: 'R', dnd: 'Yes' };
/** What is answered where nothing documented says more; seed 004 has no word for it. */
const UNAVAILABLE = 'Unavailable';

/** @param number in national form */
export function numberMetadata(number: string): Record<string, string> {
	const line = lineKey(number);
	const { circle, operator, dnd } = line === SAMPLE_NUMBER ? sample : derived(line);
	return {
		PhoneNumber: number,
		Circle: circle,
		CircleName: circles[circle] ?? UNAVAILABLE,
		Type: isLandline(line) ? 'Landline' : 'Mobile',
		Operator: operator,
		OperatorName: operators[operator] ?? '',
		DND: dnd,
	};
}

function derived(line: string): typeof sample {
	const [first = 0, second = 0, third = 0] = Buffer.from(digest(`number|${line}`), 'hex');
	const pick = (codes: string[], byte: number) => codes[byte % codes.length] ?? '';
	const dnd = dndOf(third);
	if (isLandline(line)) return { ...landline(line), dnd };
	return { circle: pick(Object.keys(circles), first), operator: pick(Object.keys(operators), second), dnd };
}

/** MTNL serves Delhi and Mumbai, BSNL the rest; private operators are left out. */
function landline(line: string): Omit<typeof sample, 'dnd'> {
	const circle = circleOfLandline(line) ?? UNAVAILABLE;
	return { circle, operator: ['DL', 'MU'].includes(circle) ? 'MT' : 'B' };
}

/** Most numbers answer Yes or No, a few Unavailable; the shares are ours. */
function dndOf(byte: number): string {
	if (byte < 110) return 'Yes';
	return byte < 245 ? 'No' : 'Unavailable';
}
