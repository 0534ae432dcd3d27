/**
 * What the benchmarks share: medians, contestants that take turns, and the check that the machine is quiet enough. All
 * that is compared runs in turns in the same minutes, so that a machine that slows down slows both.
 */
import net from 'node:net';
import { performance } from 'node:perf_hooks';

/** The middle of some numbers. */
export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** The number below which `share` of them lie. */
export const quantile = (numbers, share) =>
	numbers.toSorted((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))];

export const rounded = (value, digits = 2) => Number(value.toFixed(digits));

/** A paired run of the same thing twice that differs by more than this says nothing about anything. */
const NOISE = 0.1;

/** The machine was too busy to measure on. */
export class NoisyError extends Error {}

/**
 * Lets contestants take turns for some rounds, in changing order, and gives the figures of each by name. The first
 * round of each is not counted.
 *
 * @param {Record<string, (round: number) => Promise<number> | number>} contestants each returns its figure of a round
 * @param {number} rounds
 * @returns {Promise<Record<string, number[]>>}
 */
export async function inTurns(contestants, rounds) {
	const names = Object.keys(contestants);
	const figures = Object.fromEntries(names.map((name) => [name, []]));
	for (const name of names) await contestants[name](0);
	for (let round = 1; round <= rounds; round++) {
		for (const name of round % 2 === 0 ? names.toReversed() : names)
			figures[name].push(await contestants[name](round));
	}
	return figures;
}

/** The median of the ratios of each round: what happens to the machine happens to both sides of a round. */
export const ratioOf = (ours, theirs) => median(ours.map((value, index) => value / theirs[index]));

/** @throws NoisyError when two runs of the same thing differ by more than `NOISE`. */
export function assertQuiet(one, other, what) {
	const ratio = ratioOf(one, other);
	if (Math.abs(ratio - 1) > NOISE)
		throw new NoisyError(`noisy: the same thing twice (${what}) differed by ${Math.round((ratio - 1) * 100)} %`);
	return ratio;
}

/** How often turns are taken anew on a machine that is too busy. */
const ATTEMPTS = 3;

/**
 * Turns as above that are taken anew, up to three times, while two contestants that are the same thing differ.
 *
 * @param {Record<string, (round: number) => Promise<number> | number>} contestants
 * @param {number} rounds
 * @param {string[]} same the names of the two
 * @param {string} what they are
 * @throws NoisyError when they never agreed.
 */
export async function quietTurns(contestants, rounds, [one, other], what) {
	for (let attempt = 1; ; attempt++) {
		const seen = await inTurns(contestants, rounds);
		try {
			assertQuiet(seen[one], seen[other], what);
			return seen;
		} catch (reason) {
			if (attempt === ATTEMPTS) throw reason;
			console.log(`${reason.message} (${attempt} of ${ATTEMPTS})`);
		}
	}
}

/**
 * Whether a row meets its goal; null for one without. Its ratio to the floor counts instead of the goal or as well.
 *
 * @param {{ value: number, atMost?: number, atLeast?: number, floor?: { value: number, atMost?: number,
 *   atLeast?: number, counts: 'instead' | 'as well' } }} row
 */
export function meetsGoal({ value, atMost, atLeast, floor }, tolerance = 1) {
	if (atMost === undefined && atLeast === undefined) return null;
	const isMet = atMost === undefined ? value >= atLeast / tolerance : value <= atMost * tolerance;
	if (floor === undefined) return isMet;
	const { counts, ...goal } = floor;
	return counts === 'instead' ? isMet || meetsGoal(goal, tolerance) : isMet && meetsGoal(goal, tolerance);
}

/** The goal of a row in words. */
export function goalOf({ atMost, atLeast, unit, floor }) {
	if (atMost === undefined && atLeast === undefined) return '';
	const [sign, goal] = atMost === undefined ? ['≥', atLeast] : ['≤', atMost];
	const words = `${sign} ${goal.toLocaleString('en')}${unit === '×' ? '×' : ''}`;
	if (floor === undefined) return words;
	return `${words} ${floor.counts === 'instead' ? 'or' : 'and'} ${goalOf({ ...floor, floor: undefined, unit: '×' })} the floor (${floor.value}×)`;
}

/** One HTTP/1.1 request as bytes. */
export function requestBytes({ method = 'POST', path, headers = {}, body = '' }) {
	const bytes = Buffer.from(body);
	const length = method === 'GET' ? {} : { 'content-length': bytes.length };
	const lines = Object.entries({ host: 'localhost', ...headers, ...length }).map(
		([name, value]) => `${name}: ${value}`,
	);
	return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`), bytes]);
}

/** Node.js closes a connection that was not used for five seconds; a request sent on it is never answered. */
const IDLE_MS = 2000;

/** A connection that is kept open and sends one request at a time; as little work as possible beside what is measured. */
class Lane {
	#port;
	#socket = null;
	#usedAt = -Infinity;
	#answered = null;
	#text = '';

	constructor(port) {
		this.#port = port;
	}

	/** Sends a request; resolves with its status and body. */
	send(bytes) {
		return new Promise((resolve, reject) => {
			if (performance.now() - this.#usedAt > IDLE_MS) this.#connect();
			this.#usedAt = performance.now();
			this.#answered = { resolve, reject };
			this.#text = '';
			this.#socket.write(bytes);
		});
	}

	#connect() {
		this.#socket?.destroy();
		const socket = net.connect(this.#port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
		const fail = (reason) => {
			if (socket === this.#socket) this.#answered?.reject(reason);
		};
		socket.on('data', (chunk) => this.#take(chunk));
		socket.on('close', () => fail(new Error(`The connection was closed: ${this.#text}`)));
		socket.on('error', fail);
		this.#socket = socket;
	}

	close() {
		this.#answered = null;
		this.#socket?.destroy();
	}

	#take(chunk) {
		this.#text += chunk;
		const head = this.#text.indexOf('\r\n\r\n');
		if (head === -1 || !isWhole(this.#text, head)) return;
		const settle = this.#answered;
		this.#answered = null;
		this.#usedAt = performance.now();
		settle?.resolve({ status: Number(this.#text.slice(9, 12)), body: this.#text.slice(head + 4) });
	}
}

function isWhole(text, head) {
	const length = /content-length: *(\d+)/i.exec(text.slice(0, head));
	return length === null ? text.endsWith('0\r\n\r\n') : text.length >= head + 4 + Number(length[1]);
}

/**
 * Opens `count` connections to a port of this machine.
 *
 * @returns {{ all(requests: Buffer[], check: (answer: { status: number, body: string }) => void): Promise<void>,
 *   atRate(requests: Buffer[], perSecond: number): Promise<number[]>, close(): void }}
 */
export function openLanes(port, count) {
	const lanes = Array.from({ length: count }, () => new Lane(port));
	const addLane = () => {
		const lane = new Lane(port);
		lanes.push(lane);
		return lane;
	};
	return {
		/** Sends all requests as fast as they are answered. */
		async all(requests, check) {
			let next = 0;
			const run = async (lane) => {
				while (next < requests.length) check(await lane.send(requests[next++]));
			};
			await Promise.all(lanes.slice(0, count).map(run));
		},
		/** Sends the requests at a steady rate, whatever the answers take; resolves with the time each took, ms. */
		async atRate(requests, perSecond) {
			const free = [...lanes];
			const took = [];
			const started = performance.now();
			const sent = requests.map(async (bytes, index) => {
				const due = started + (index * 1000) / perSecond;
				await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
				const lane = free.pop() ?? addLane();
				const begun = performance.now();
				await lane.send(bytes);
				took.push(performance.now() - begun);
				free.push(lane);
			});
			await Promise.all(sent);
			return took;
		},
		close() {
			for (const lane of lanes) lane.close();
		},
	};
}
