/** Circle, operator, type and DND of an Indian number (seed 004); the same number always has the same. */
import { circles, operators } from './telecom-tables';
import { digest } from '../model/random';
import { lineKey } from '../model/phone-numbers';

/** The documentation's own sample number has the documented answer. */
const SAMPLE_NUMBER = 'XXXXX30240';
const sample = { circle: 'GJ', operator: 'R', dnd: 'Yes' };

/** @param number in national form */
export function numberMetadata(number: string): Record<string, string> {
	const line = lineKey(number);
	const { circle, operator, dnd } = line === SAMPLE_NUMBER ? sample : derived(line);
	return {
		PhoneNumber: number,
		Circle: circle,
		CircleName: circles[circle] ?? '',
		Type: /^[6-9X]/i.test(line) ? 'Mobile' : 'Landline',
		Operator: operator,
		OperatorName: operators[operator] ?? '',
		DND: dnd,
	};
}

function derived(line: string): typeof sample {
	const [first = 0, second = 0, third = 0] = Buffer.from(digest(`number|${line}`), 'hex');
	const pick = (codes: string[], byte: number) => codes[byte % codes.length] ?? '';
	return {
		circle: pick(Object.keys(circles), first),
		operator: pick(Object.keys(operators), second),
		dnd: dndOf(third),
	};
}

/** Most numbers answer Yes or No, a few Unavailable; the shares are ours. */
function dndOf(byte: number): string {
	if (byte < 110) return 'Yes';
	return byte < 245 ? 'No' : 'Unavailable';
}
