/**
 * The tests of the promises of pages that hold no comments: READMEs and help texts, for the size of their tarballs, pages that
 * are generated, and headings. The beginning of a promise, and the tests that hold it.
 */
const SIDS =
	'test/simulator/nothing-silent.test.ts › gives 1,000 calls of two accounts over ten resets and two restarts no SID twice';
const RETRY =
	'test/hosts/n8n/operations.test.ts › keeps Retry On Fail from ringing a phone again when an earlier item failed';
const ONCE =
	'test/exotel/http/send.test.ts › under any sequence of failures reaches Exotel at most once, except to be refused with 429';
const TABLE = 'test/faults/table.test.ts › docs/reliability.md is what came out (UPDATE_RELIABILITY=1 writes it)';
const SOURCES = 'test/simulator/fidelity.test.ts › says of every behaviour where it comes from';
const FALLBACK = 'test/exotel/applets/fallback.test.ts › is an answer that Exotel accepts, whatever was saved';
const FIRST_CALL = 'test/simulator/outcomes.test.ts › decides how the first leg ends; the second is then never dialled';

export const PROOFS: Readonly<Record<string, readonly (readonly [promise: string, ...tests: string[]])[]>> = {
	'node-red/README.md': [
		['simulates Exotel on your machine. In Node-RED:', FIRST_CALL],
		[
			'Key and token are credentials:',
			'test/hosts/node-red/secrets.test.ts › are in no log, message, status, flow, export or admin answer of a full run',
			'test/hosts/node-red/first-use.test.ts › a new account has a webhook token, and saved secrets are never sent back',
		],
		[
			'an answer that Exotel would drop is never sent',
			'test/exotel/applets/build-answer.test.ts › is refused with everything that Exotel would refuse',
			"test/node-red/nodes/exotel-applet.test.ts › Node-RED's own http response can answer, and is held to the same rules",
		],
		[
			'**No call is placed twice.**',
			'test/exotel/http/send.test.ts › under any sequence of failures reaches Exotel at most once, except to be refused with 429',
			'test/exotel/tracking/call-tracker.test.ts › announces unknown once; a later callback settles it, and its call is polled again',
		],
		[
			'**Every caller gets an answer.**',
			'test/hosts/node-red/hostility.test.ts › redeploys under load: every caller gets an answer Exotel takes, no event comes twice',
			'test/node-red/nodes/exotel-applet.test.ts › a redeploy answers whoever waits, and the next question goes to the new node',
		],
		[
			'**No end of a call is lost.**',
			'test/hosts/node-red/survival.test.ts › kill -9 while a call runs, its end while Node-RED is down: a persistent store takes it up again',
			'test/node-red/nodes/exotel-call-events.test.ts › emits a duplicate once, and the end once when terminal comes before answered',
			'test/exotel/tracking/unsent.test.ts › announces the end after the restart, whole, when the kill came after the write and before the message',
			'test/exotel/tracking/unsent.test.ts › announces it again when the kill came after the message and before that was noted',
		],
		[
			'**Webhooks are protected.**',
			'test/node-red/nodes/exotel-call-events.test.ts › refuses a missing or wrong token with 401 and changes nothing',
			'test/node-red/webhooks/no-token.test.ts › let anyone in when the account says so, which its nodes show',
		],
	],
	'simulator/README.md': [
		['never answers |', FIRST_CALL],
		[
			'What a dialled number does never depends on it',
			'test/simulator/nothing-silent.test.ts › does with a number the same, whatever the seed',
		],
		[
			'the simulated time never goes back unless',
			'test/simulator/nothing-silent.test.ts › refuses a data file it cannot use and leaves it alone; the time never goes back',
		],
		["accounts never see each other's calls", 'test/simulator/v1-reading.test.ts › keeps accounts apart'],
		[
			'(when several ring at once: never answers)',
			'test/simulator/flows.test.ts › lets a caller give up: number 04',
			'test/simulator/connect-applet.test.ts › rings batch after batch when there are more numbers than may ring at once',
		],
	],
	'docs/decisions/031-call-sids-never-repeat.md': [['# 031 Call SIDs never repeat', SIDS]],
	'docs/decisions/041-retry-on-fail-in-n8n.md': [["# 041 n8n's Retry On Fail never dials again", RETRY]],
	'docs/decisions/README.md': [
		['| Call SIDs never repeat', SIDS],
		["| n8n's Retry On Fail never dials again", RETRY],
	],
	'docs/decisions/052-what-a-fallback-keeps.md': [['`fallbackAnswer` never throws;', FALLBACK]],
	'docs/decisions/053-private-addresses-and-allow-lists.md': [
		[
			'A setting that was meant to restrict never opens a webhook by accident.',
			'test/exotel/addresses.test.ts › names every entry that is neither',
			'test/node-red/webhooks/no-token.test.ts › let anyone in when the account says so, which its nodes show',
		],
	],
	'docs/decisions/055-an-answer-without-what-is-wrong-in-it.md': [
		[
			'Destinations, prompt, greeting, branch and case are never left out:',
			'test/exotel/applets/usable-answer.test.ts › is refused when what it is about is wrong',
		],
	],
	'docs/decisions/056-which-applet-asks.md': [
		[
			'words that are always valid.',
			'test/exotel/applets/spoken-answers.test.ts › is something Exotel accepts, whatever was saved',
		],
	],
	'docs/fidelity.md': [
		[
			'A test drives every endpoint and every delivery and',
			'test/simulator/fidelity.test.ts › knows every endpoint',
		],
		['| a call into a flow answers the ExoPhone as', SOURCES],
		['| call_status customer_no_dial never occurs', SOURCES],
		['agents that were set and SIP addresses always, other numbers', SOURCES],
		['| agent events and asynchronous Passthrus are not repeated', SOURCES],
		['so an ExoPhone with a mobile number is always used;', SOURCES],
		['Always about the leg to the agent', SOURCES],
	],
	'docs/reference/get-call.md': [
		[
			'The address is built, never taken',
			'test/exotel/operations/reading.test.ts › writes the documented addresses',
		],
	],
	'docs/reference/list-calls.md': [
		[
			'Running calls are never in it.',
			'test/simulator/v1-bulk.test.ts › leaves running calls out and sorts newest first unless told otherwise',
		],
	],
	'docs/decisions/020-one-door-for-all-webhooks-of-node-red.md': [
		[
			'each caller is answered, each call ends',
			'test/hosts/node-red/hostility.test.ts › redeploys under load: every caller gets an answer Exotel takes, no event comes twice',
			'test/node-red/webhooks/storm.test.ts › loses no callback while flows are redeployed again and again',
		],
	],
	'docs/n8n.md': [['No phone rings, and nothing is charged.', FIRST_CALL]],
	'docs/reliability.md': [
		[
			'every row above strikes 5 %',
			'test/faults/mixed.test.ts › Node-RED: no double dial, no end lost, doubled or late, no false unknown',
			'test/faults/mixed.test.ts › n8n: no double dial, no end lost, doubled or late, no false unknown',
		],
		['The node never places the call again by itself.', ONCE],
		['Exotel takes the call and never answers the request.', TABLE],
		['The end of the call is never reported.', TABLE],
		[
			'| Requests of a Connect applet to a flow that answers twice, late, never,',
			'test/faults/questions.test.ts › Node-RED: every one is answered within 4.5 s, and the caller is connected',
			'test/faults/questions.test.ts › n8n: every one is answered within 4.5 s, and the caller is connected',
		],
	],
	'node-red/nodes/exotel-call-events/locales/en-US/exotel-call-events.html': [
		[
			'so a slow flow loses nothing.',
			'test/node-red/nodes/exotel-call-events.test.ts › answers Exotel before the flow runs: one that takes longer than the calls come gets every event',
		],
		[
			'is always the end of the call.',
			'test/exotel/webhooks/flow-event.test.ts › are about the agent, who is the second party, and never end the call',
		],
		[
			'that was never reported',
			'test/exotel/tracking/rules.test.ts › is the terminal event of a call that has ended since the first start and is no longer left to its callback',
		],
	],
	'node-red/nodes/exotel-applet/locales/en-US/exotel-applet.html': [
		[
			'An answer Exotel would drop is never sent:',
			'test/exotel/applets/build-answer.test.ts › is refused with everything that Exotel would refuse',
			"test/node-red/nodes/exotel-applet.test.ts › Node-RED's own http response can answer, and is held to the same rules",
		],
	],
	'node-red/nodes/exotel-list-calls/locales/en-US/exotel-list-calls.html': [
		[
			'is never flooded.',
			'test/node-red/nodes/exotel-list-calls.test.ts › when asked: nothing goes out before the last message came back; the end is said, and is quiet',
		],
	],
	'node-red/nodes/exotel-make-call/locales/en-US/exotel-make-call.html': [
		[
			'no call is placed; see below.',
			'test/hosts/node-red/reliability.test.ts › a message with msg.exotel.health asks how the tracking is doing, and places no call',
		],
		[
			'<p>A deploy while a call is running loses nothing.',
			'test/node-red/nodes/exotel-make-call.test.ts › loses nothing over a redeploy while a call is running',
		],
		['<p>A call is never placed twice.', ONCE],
	],
};
