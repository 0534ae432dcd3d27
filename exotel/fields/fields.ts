/**
 * All field descriptions, per operation, and the check a form's validator makes while somebody types. Requests are
 * checked by the same descriptions, so what a form accepts a request accepts.
 */

import { connectAnswerFields } from './connect-answer';
import type { FieldDescription } from './description';
import { connectAgentFields, connectFlowFields, connectNumbersFields } from './placing-calls';
import { listExoPhonesFields, lookupNumberFields } from './numbers';
import { downloadRecordingFields, getAgentCallFields, getCallFields, listCallsFields } from './reading-calls';
import { readFields, type ReadingRules } from './reading';

/** The inputs of every operation, in the order a form shows them. */
export const fields: Readonly<Record<string, FieldDescription[]>> = {
	connectNumbers: connectNumbersFields,
	connectFlow: connectFlowFields,
	connectAgent: connectAgentFields,
	getCall: getCallFields,
	getAgentCall: getAgentCallFields,
	listCalls: listCallsFields,
	downloadRecording: downloadRecordingFields,
	lookupNumber: lookupNumberFields,
	listExoPhones: listExoPhonesFields,
	connectAnswer: connectAnswerFields,
};

/** How numbers and times are read where no account is at hand. */
const usualRules: ReadingRules = { defaultCountry: 'IN', timeZone: 'Asia/Kolkata' };

/**
 * Checks one value the way the request will: `true`, or the sentence that says what is wrong with it.
 * @throws Error when the operation or field does not exist (a programmer's mistake).
 */
export function checkField(
	operation: string,
	name: string,
	value: unknown,
	rules: ReadingRules = usualRules,
): true | string {
	const field = fields[operation]?.find((known) => known.name === name);
	if (field === undefined) throw new Error(`There is no field "${name}" of "${operation}".`);
	return readFields([{ ...field, onlyWith: undefined }], { [name]: value }, rules).violations[0]?.message ?? true;
}
