/**
 * The tests of the promises of READMEs that hold no comments, for the size of their tarballs: the beginning of a promise, and
 * the tests that hold it.
 */
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
};
