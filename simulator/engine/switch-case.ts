/** The Switch Case applet: a branch by the name that the last Passthru's answer selects (article 3000052018). */
import { branchTo, type FlowRun, type Next } from '../model/flow-run';
import { note } from '../model/call';
import type { SwitchCaseApplet } from '../model/flow';

/** @returns where the flow goes on */
export function runSwitchCase(run: FlowRun, { cases }: SwitchCaseApplet): Next {
	const { call, passthruAnswer } = run;
	const name = passthruAnswer?.select ?? null;
	note(call, 'switch-case', null, name ?? 'nothing was selected');
	if (!passthruAnswer) return null;
	const { request } = passthruAnswer;
	if (name === null) {
		request.notes.push('a Switch Case follows, but the body is not {"select":"<name of a case>"}');
		return null;
	}
	request.branch = `case ${name}`;
	const branch = Object.hasOwn(cases, name) ? cases[name] : undefined;
	if (!branch) request.notes.push(`there is no case "${name}"; names must match exactly`);
	if (!/^text\/plain/i.test(request.contentType ?? ''))
		request.notes.push(`the Content-Type is ${request.contentType ?? 'missing'}; a Switch Case wants text/plain`);
	return branchTo(`case ${name}`, branch);
}
