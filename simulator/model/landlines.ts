/**
 * Which Indian numbers are landlines, and in which telecom circle: by the STD code in front of the subscriber's number.
 * STD codes: the National Numbering Plan of India (Department of Telecommunications); names of circles: seed 004.
 */
import { lineKey } from './phone-numbers';

/**
 * STD codes by circle: the metros and the larger cities. Seed 004 puts Faridabad, Ghaziabad, Gurgaon and Noida into DL,
 * Kalyan and Navi Mumbai into MU, Goa into MH, Chandigarh and Panchkula into PB, Uttarakhand into UW.
 */
const stdCodes: Readonly<Record<string, readonly string[]>> = {
	AP: ['40', '861', '863', '866', '870', '877', '884', '891'],
	AS: ['361', '374', '376'],
	BR: ['326', '612', '631', '641', '651', '657'],
	CH: ['44'],
	DL: ['11', '120', '124', '129'],
	GJ: ['79', '261', '265', '278', '281', '285', '288'],
	HP: ['177'],
	HR: ['130', '171', '180', '184'],
	JK: ['191', '194'],
	KL: ['471', '474', '477', '481', '484', '487', '491', '495', '497'],
	KA: ['80', '821', '824', '831', '836'],
	KO: ['33'],
	MH: ['20', '231', '240', '241', '253', '712', '721', '832'],
	MP: ['731', '734', '751', '755', '761', '771', '788'],
	MU: ['22', '251'],
	NE: ['360', '364', '370', '381', '385', '389'],
	OR: ['661', '663', '671', '674', '680'],
	PB: ['161', '172', '175', '181', '183'],
	RJ: ['141', '144', '145', '151', '291', '294', '744'],
	TN: ['413', '416', '422', '424', '427', '431', '452', '461', '462'],
	UE: ['512', '522', '532', '542', '551'],
	UW: ['121', '135', '562', '571', '581', '591'],
	WB: ['341', '342', '343', '353'],
};

const circleByCode = new Map(
	Object.entries(stdCodes).flatMap(([circle, codes]) => codes.map((code): [string, string] => [code, circle])),
);

/**
 * True for the landline of an Indian number in any form. Mobile numbers begin with 6 to 9. An STD code that begins so
 * is told apart by the first digit of the subscriber's number: both kinds are dialled with 0 in front, so they cannot
 * overlap.
 */
export function isLandline(number: string): boolean {
	const line = lineKey(number);
	if (/^[1-5]/.test(line)) return true;
	return /^(79|80)[2346]/.test(line) || (circleByCode.has(line.slice(0, 3)) && line[3] === '2');
}

/** Code of the telecom circle (seed 004) of a landline; null for mobile numbers and STD codes that are not listed. */
export function circleOfLandline(number: string): string | null {
	if (!isLandline(number)) return null;
	const line = lineKey(number);
	return circleByCode.get(line.slice(0, 2)) ?? circleByCode.get(line.slice(0, 3)) ?? null;
}
