/**
 * Reading one call and Number Metadata in v1: seed 004, "To get details of a call", "metadata about a phone number".
 */
import { findCall, type Account, type NumberFacts } from './account';
import { readOnce } from './calls';
import type { Reply } from './http';
import { isPhone, toE164, toNational } from './numbers';
import { jsonReply, refuse, xmlReply } from './v1-errors';
import { v1Details, v1DetailsXml, v1Record } from './v1-record';
import { writeXml, type XmlElements } from './xml';

/** One call; an unknown one is refused with 404 and "No matching results" (facts, not documented). */
export function readCall(account: Account, sid: string, query: URLSearchParams, json: boolean): Reply {
	const call = findCall(account, sid);
	if (call === undefined) return refuse(404, 'No matching results', json);
	const phase = readOnce(call);
	const record = v1Record(account, call, phase, json);
	const detailed = query.get('details') === 'true';
	const over = phase !== 'running';
	if (json) return jsonReply({ Call: detailed ? { ...record, Details: v1Details(call, over, false) } : record });
	const fields: XmlElements = Object.entries(record);
	return xmlReply(writeXml([['Call', detailed ? [...fields, ['Details', v1DetailsXml(call, over)]] : fields]]));
}

/** What the sample of seed 004 says; it stands for every number a test told nothing about. */
const sample: NumberFacts = {
	circle: 'GJ',
	circleName: 'Gujarat Telecom Circle (includes Daman & Diu, Dadra & Nagar Haveli)',
	type: 'Mobile',
	operator: 'R',
	operatorName: 'Reliance',
	dnd: 'Yes',
};

/** Number Metadata. "Reformatted phone number": 0 and the national number. Refusals are not documented. */
export function readNumber(account: Account, number: string, json: boolean): Reply {
	if (!isPhone(number)) return refuse(400, 'Not a phone number', json);
	const known = account.numbers.get(toE164(number)) ?? sample;
	const record = {
		PhoneNumber: toNational(number),
		Circle: known.circle,
		CircleName: known.circleName,
		Type: known.type,
		Operator: known.operator,
		OperatorName: known.operatorName,
		DND: known.dnd,
	};
	return json ? jsonReply({ Numbers: record }) : xmlReply(writeXml([['Numbers', Object.entries(record)]]));
}
