/** The guards that keep the promises of docs/reliability.md, and for each the cell that fails when it is removed. */

/** `find` stands once in `file`; `replace` removes the guard. `test`: the file of the cell, unless it is the table. */
export const guards = [
	{
		name: 'idempotency: a request that may have made a phone ring is not sent again',
		file: 'exotel/http/send.ts',
		find: 'return { error: unknownOutcome(`Exotel responded with HTTP ${response.status}`, error), retry: false };',
		replace:
			'return { error: unknownOutcome(`Exotel responded with HTTP ${response.status}`, error), retry: true };',
		cell: '504, but dialled · Node-RED · numbers',
	},
	{
		name: 'idempotency: nor one whose connection broke after it was sent',
		file: 'exotel/http/send.ts',
		find: 'if (request.placesCall && !failure.neverSent) {',
		replace: 'if (request.placesCall && failure.neverSent) {',
		cell: 'reset within the answer · n8n · numbers',
	},
	{
		name: 'a refusal for too many requests is tried again',
		file: 'exotel/http/retry.ts',
		find: 'return request.placesCall ? status === 429 : transientStatuses.has(status);',
		replace: 'return request.placesCall ? false : transientStatuses.has(status);',
		cell: '429 · Node-RED · agent',
	},
	{
		name: 'once: an ended attempt announces nothing more',
		file: 'exotel/tracking/steps.ts',
		find: "export function onEvent<Details>(record: AttemptRecord, event: CallEvent, now: number): Step<Details> {\n\tif (record.phase === 'ended') return { record, announcements: [] };",
		replace:
			'export function onEvent<Details>(record: AttemptRecord, event: CallEvent, now: number): Step<Details> {',
		cell: 'duplicate · Node-RED · numbers',
	},
	{
		name: 'order: what lies before the end is not told after it',
		file: 'exotel/tracking/steps.ts',
		find: "export function onEvent<Details>(record: AttemptRecord, event: CallEvent, now: number): Step<Details> {\n\tif (record.phase === 'ended') return { record, announcements: [] };",
		replace:
			'export function onEvent<Details>(record: AttemptRecord, event: CallEvent, now: number): Step<Details> {',
		cell: 'reversed · Node-RED · agent',
	},
	{
		name: 'once: a repeated event is told once',
		file: 'exotel/call/timeline.ts',
		find: 'const silent = duplicate || isOvertaken(timeline, event, rank);',
		replace: 'const silent = false;',
		cell: 'duplicate · Node-RED · agent',
	},
	{
		name: 'search for missed ends: Node-RED asks Exotel when no report comes',
		file: 'exotel/tracking/call-tracker.ts',
		find: "const isDue = record.phase === 'open' && record.nextPollAt === null && record.polled;",
		replace: 'const isDue = false;',
		cell: 'lost end · Node-RED · flow',
	},
	{
		name: 'search for missed ends: a waiting n8n asks Exotel',
		file: 'nodes/Exotel/operations/waiting.ts',
		find: 'await readIfEnded({ sid: parked.sid, api }, session);',
		replace: 'null;',
		cell: 'lost end · n8n · agent',
	},
	{
		name: 'early report: Node-RED knows the attempt before its request leaves',
		file: 'node-red/nodes/exotel-make-call/exotel-make-call.ts',
		find: 'if (follows) await calls.tracker.begin(start);',
		replace: '',
		cell: 'host killed after the request left · Node-RED · numbers',
	},
	{
		name: 'early report: n8n reads the call before it waits',
		file: 'nodes/Exotel/operations/waiting.ts',
		find: 'const ended = await readIfEnded(placed.call, session);',
		replace: 'const ended = null as CallEvent | null;',
		// Without it the next step finds the end, 75 s later; the cell wants it at once.
		cell: 'report before the answer · n8n · numbers',
	},
	{
		name: 'store: calls that were open before a restart are taken up',
		file: 'exotel/tracking/call-tracker.ts',
		find: "return phase === 'requested' || (phase === 'open' && nextPollAt !== null);",
		replace: 'return false;',
		cell: 'host restarted while it rings · Node-RED · numbers',
	},
	{
		name: 'SID check: a report of another call settles nothing',
		file: 'exotel/tracking/seen-events.ts',
		find: "return known.sid === null || sameCall ? 'settles' : 'other';",
		replace: "return 'settles';",
		cell: 'foreign report · n8n · numbers',
	},
	{
		name: 'attempt check: a report without the attempt counts only when Exotel says the same',
		file: 'exotel/tracking/seen-events.ts',
		find: "return sameCall ? 'poll' : 'other';",
		replace: "return sameCall ? 'settles' : 'other';",
		cell: 'report without attempt · n8n · flow',
	},
	{
		name: 'doubt: an answer of 500 and more is no refusal',
		file: 'exotel/http/send.ts',
		find: "return status >= 500 || status === 408 || status === 499 || (status < 300 && error.kind === 'exotel');",
		replace: "return status === 408 || status === 499 || (status < 300 && error.kind === 'exotel');",
		cell: '500 · Node-RED · numbers',
	},
	{
		name: 'fallback: Node-RED answers a caller whose flow does not',
		file: 'node-red/applets/pending-requests.ts',
		find: "this.#timer = setTimeout(() => this.fallBack('deadline'), Math.max(0, caller.timeoutMs));",
		replace: 'this.#timer = setTimeout(() => undefined, Math.max(0, caller.timeoutMs));',
		test: 'test/faults/questions.test.ts',
		cell: 'Node-RED: every one is answered within 4.5 s',
	},
	{
		name: 'fallback: n8n answers a caller whose workflow does not',
		file: 'nodes/host/appletResponse.ts',
		find: "void sleep(milliseconds).then(() => sendFallback('the workflow did not answer the applet in time'));",
		replace: '',
		test: 'test/faults/questions.test.ts',
		cell: 'n8n: every one is answered within 4.5 s',
	},
	{
		name: 'outbox: what was sent while flows are stopped reaches the new nodes',
		file: 'node-red/calls/outbox.ts',
		find: 'if (this.#interrupted.length > 0) this.#openAfterStart();',
		replace: 'this.#interrupted.length = 0;',
		test: 'test/node-red/webhooks/storm.test.ts',
		cell: 'loses no event, and repeats none, while full deploys replace the receivers as well',
	},
];
