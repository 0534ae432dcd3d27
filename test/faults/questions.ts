/** Questions of applets to both hosts while the flow behind them misbehaves in every way a flow can. */
import assert from 'node:assert/strict';
import { startDouble, type Asked, type Double } from '../double/index';
import type { Case, Data } from '../recorded/case';
import { Run as N8nRun } from '../recorded/n8n';
import { Door, Run as NodeRedRun, stopNodeRed } from '../recorded/node-red';
import { SECRETS, Stage } from '../recorded/stage';
import { SID } from './exotel';
import { seeded, type Random } from './random';
import type { HostName } from './result';

const FLOW = '+919812345678';
const FALLBACK = '+919812345699';
/** Questions asked at once. */
const AT_ONCE = 50;
/** Exotel waits 5 s. */
const ANSWERED_WITHIN_MS = 4500;

/** What a flow does with a question. */
interface Behaviour {
	name: string;
	/** Seconds after which it answers, one answer each. */
	after: readonly number[];
	/** The destination it gives. */
	whom?: unknown;
	/** An answer in its own JSON. */
	own?: unknown;
	/** The answering message is not the one that brought the question. */
	other?: true;
	/** It fails instead. */
	fails?: true;
	/** Whom the caller reaches; null where the answer is that nobody is dialled. */
	reaches: string | null;
}

/** A megabyte that is no number. */
const huge = 'sales department '.repeat(60_000);
const bad = { after: [0], reaches: FALLBACK };

/** Every misbehaviour, and what is right. */
export const behaviours: readonly Behaviour[] = [
	{ name: 'answers', after: [0], whom: FLOW, reaches: FLOW },
	{ name: 'answers twice', after: [0, 0.5], whom: FLOW, reaches: FLOW },
	{ name: 'answers just in time', after: [3.5], whom: FLOW, reaches: FLOW },
	{ name: 'answers by another message', after: [0], whom: FLOW, other: true, reaches: FLOW },
	{ name: 'answers late', after: [4.2], whom: FLOW, reaches: FALLBACK },
	{ name: 'never answers', after: [], reaches: FALLBACK },
	{ ...bad, name: 'fails', fails: true },
	{ ...bad, name: 'gives what is no number', whom: 'the sales department' },
	{ ...bad, name: 'gives nobody', whom: '' },
	{ ...bad, name: 'gives blanks', whom: ' , ' },
	{ ...bad, name: 'gives no value', whom: null },
	{ ...bad, name: 'gives a number of another type', whom: 42 },
	{ ...bad, name: 'gives true', whom: true },
	{ ...bad, name: 'gives an object', whom: { a: 1 } },
	// A list of nobody, unlike a blank field, is an answer: the call goes on in Exotel's flow.
	{ name: 'gives an empty list', after: [0], whom: [], reaches: null },
	{ ...bad, name: 'gives a megabyte of text', whom: huge },
	{ ...bad, name: 'answers in no version', own: { destination: 'anyone' } },
	{ ...bad, name: 'answers with text', own: '{ this is no JSON' },
];

const applets = ['connect-1.0', 'connect-1.1'] as const;
/** The answer of the other version. */
const ofOtherVersion = {
	'connect-1.0': { destination: [{ contact_uri: FLOW, type: 'customer' }] },
	'connect-1.1': { destination: { numbers: [FLOW] } },
};

/** One question under way. */
interface Question {
	behaviour: Behaviour;
	applet: (typeof applets)[number];
	sid: string;
}

/** Somebody whose flow can be asked. */
interface Askable {
	/** Where this question is asked; `act` is given to the flow's answers. */
	open(question: Question): Promise<string>;
	close(): Promise<void>;
}

/** Asks `count` questions; every caller must reach whom the behaviour says, in time. Resolves with the slowest, ms. */
export async function playQuestions(name: HostName, count: number, seed: number): Promise<number> {
	const stage = new Stage();
	const double = await startDouble({ sid: SID });
	const random = seeded(seed);
	const host = name === 'Node-RED' ? await openNodeRed(stage) : openN8n(stage);
	let slowest = 0;
	try {
		for (let first = 0; first < count; first += AT_ONCE) {
			const questions = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, index) =>
				drawn(random, first + index),
			);
			slowest = Math.max(slowest, await askAll(stage, { double, host, questions }));
		}
	} finally {
		await host.close();
		stage.close();
		await double.close();
	}
	return slowest;
}

function drawn(random: Random, number: number): Question {
	const applet = applets[random.below(applets.length)] ?? 'connect-1.0';
	const sid = `${String(number).padStart(10, '0')}cafe0000cafe0000cafe16`.slice(0, 32);
	const index = random.below(behaviours.length + 1);
	const wrongVersion: Behaviour = { ...bad, name: 'answers in the other version', own: ofOtherVersion[applet] };
	return { applet, sid, behaviour: behaviours[index] ?? wrongVersion };
}

async function askAll(
	stage: Stage,
	{ double, host, questions }: { double: Double; host: Askable; questions: Question[] },
): Promise<number> {
	let slowest = 0;
	const asked = questions.map(async (question) => {
		const { applet, sid, behaviour } = question;
		const url = await host.open(question);
		const answer = await double.ask(url, { applet, call: sid, from: '09812300001', to: '08045680001' });
		stage.happened();
		slowest = Math.max(slowest, answer.ms);
		assertAnswered(`${behaviour.name}, ${applet}`, answer, behaviour.reaches);
	});
	const all = Promise.all(asked);
	// Each failure is told by `all`.
	all.catch(() => undefined);
	await stage.settle();
	for (let passed = 0; passed < 11; passed += 1) await stage.advance(0.5, 100);
	await all;
	return slowest;
}

function assertAnswered(what: string, answer: Asked, reaches: string | null): void {
	const { status, dialled, reasons, body, ms } = answer;
	assert.equal(status, 200, `${what}: ${answer.error ?? body}`);
	assert.deepEqual(dialled, reaches === null ? [] : [reaches], `${what}: ${body} ${reasons.join(', ')}`);
	assert.ok(ms <= ANSWERED_WITHIN_MS, `${what}: answered after ${ms} ms`);
}

/** Runs each answer of a behaviour at its time. */
function answering({ behaviour: { after } }: Question, act: () => void): void {
	for (const seconds of after) {
		if (seconds === 0) act();
		else setTimeout(act, seconds * 1000);
	}
}

const nobody = { url: 'http://127.0.0.1:1', requests: [], bodies: [], callbackOf: () => '' };

async function openNodeRed(stage: Stage): Promise<Askable> {
	const door = new Door();
	const url = await door.open();
	const asked = new Map<string, Question>();
	const test: Case = {
		name: 'questions',
		host: 'node-red',
		node: 'exotel-applet',
		account: { publicUrl: url, sid: SID },
		settings: { path: 'ask', fallback: 'numbers', fallbackNumbers: FALLBACK },
		next: { node: 'exotel-applet-answer', apart: true },
		steps: [],
	};
	const run = new NodeRedRun(stage, nobody, door, url, test);
	run.onMessage = (output, message) => {
		if (output !== 'output 1') return;
		const { exotel, ...rest } = message as { exotel: Data };
		const question = asked.get(String(exotel['callSid']));
		if (question === undefined) return;
		const { behaviour, sid } = question;
		// A flow that throws leaves its message to the Catch nodes, none of which answers.
		if (behaviour.fails === true) return;
		const fields: Data =
			behaviour.own === undefined ? { destinations: behaviour.whom } : { answer: 'own', own: behaviour.own };
		const input: Data =
			behaviour.other === true
				? { payload: 'another message', exotel: { ...fields, callSid: sid } }
				: { ...rest, exotel: { ...exotel, ...fields } };
		answering(question, () => void run.take({ input, to: 'next' }));
	};
	await run.start();
	return {
		open(question) {
			asked.set(question.sid, question);
			return Promise.resolve(`${url}/exotel/ask?token=${SECRETS.webhookToken}`);
		},
		async close() {
			await stopNodeRed();
			door.close();
		},
	};
}

function openN8n(stage: Stage): Askable {
	const open: N8nRun[] = [];
	return {
		async open(question) {
			const { behaviour } = question;
			const run = new N8nRun(stage, nobody, {
				name: 'questions',
				host: 'n8n',
				node: 'exotelAppletTrigger',
				settings: { fallbackDestinations: FALLBACK },
				next: {
					node: 'exotelAppletAnswer',
					settings:
						behaviour.own === undefined
							? { answer: 'connect', destinations: '={{ $json.whom }}' }
							: { answer: 'own', own: '={{ $json.own }}' },
				},
				steps: [],
			});
			run.workflow = ({ run: answer, fail }) => {
				const { whom, own, fails } = behaviour;
				answering(question, () => (fails === true ? fail() : answer({ whom, own })));
			};
			open.push(run);
			return `${await run.open()}/applet?token=${SECRETS.webhookToken}`;
		},
		close() {
			for (const run of open) run.close();
			return Promise.resolve();
		},
	};
}
