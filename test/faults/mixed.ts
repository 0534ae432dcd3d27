/**
 * Many calls at once, each with a fault of its own, drawn from a seed: every fault of the table strikes 5 % of them, the
 * rest go as usual. They run in rounds against the second double; in some rounds the host is killed or restarted.
 */
import assert from 'node:assert/strict';
import type { Double, DoubleCall } from '../double/index';
import { reloadNodes, Run as N8nRun } from '../recorded/n8n';
import { Stage } from '../recorded/stage';

import { completedCalls, modes, type Mode, type Told } from './call';
import { doubleAnswers, endReportedAt, isAskedFor, LATE_SECONDS, openDouble, placeForStranger } from './exotel';
import { faults, lie, type Fault } from './faults';
import { FaultyN8n, FaultyNodeRed, toldByTrigger } from './hosts';
import { seeded, type Random } from './random';
import { LEAVES_WITHIN_MS, type HostName } from './result';

/** Each fault strikes one call in so many. */
const ONE_IN = 20;
/** Calls of a round; Exotel takes 200 requests a minute, and each n8n execution needs a server of its own here. */
const ROUND: Readonly<Record<HostName, number>> = { 'Node-RED': 100, n8n: 25 };
/** What is due within this time happens at once. */
const TOGETHER_MS = 900;
/** Long enough for every wait of every host: n8n's longest is an hour here. */
const REST_SECONDS = LATE_SECONDS + 4500;

/** What happens to the host in a round. */
type Round = 'runs' | 'is killed' | 'is restarted';

/** One of the calls. */
interface Planned {
	/** Its number, from 1. */
	order: number;
	fault: Fault | null;
	/** The phone that nobody but this call rings. */
	phone: string;
	/** The agent who has this call only. */
	agent: string;
}

/** What all calls together came to. */
export interface Sum {
	calls: number;
	/** Calls whose phone rang, and whose end was told. */
	rang: number;
	ended: number;
	doubleDials: number;
	lostEnds: number;
	doubledEnds: number;
	falseUnknown: number;
	/** Ends that left later than a second after their report. */
	lateEnds: number;
	problems: string[];
}

function drawn(count: number, random: Random): Record<Round, Planned[]> {
	const rounds: Record<Round, Planned[]> = { runs: [], 'is killed': [], 'is restarted': [] };
	for (let order = 1; order <= count; order += 1) {
		const fault = faults[random.below(ONE_IN)] ?? null;
		const phone = `+9198${String(10_000_000 + order)}`;
		const agent = `+9199${String(10_000_000 + order)}`;
		const planned = { order, fault, phone, agent };
		if (fault?.stopsHost === 'killed') rounds['is killed'].push(planned);
		else if (fault?.stopsHost === 'restarted') rounds['is restarted'].push(planned);
		// A host that is stopped meets calls with every fault of reports as well.
		else if (fault !== null && fault.trouble.answer !== 'normal') rounds.runs.push(planned);
		else rounds[random.pick(['runs', 'runs', 'runs', 'is killed', 'is restarted'] as const)].push(planned);
	}
	return rounds;
}

/** Places `count` calls and follows all of them to their end. */
export async function playMixed(name: HostName, count: number, seed: number): Promise<Sum> {
	const random = seeded(seed);
	const sum: Sum = {
		calls: 0,
		rang: 0,
		ended: 0,
		doubleDials: 0,
		lostEnds: 0,
		doubledEnds: 0,
		falseUnknown: 0,
		lateEnds: 0,
		problems: [],
	};
	let number = 0;
	for (const [what, planned] of Object.entries(drawn(count, random)) as [Round, Planned[]][]) {
		for (let first = 0; first < planned.length; first += ROUND[name]) {
			const mode = modes[number % modes.length] ?? 'numbers';
			number += 1;
			await new MixedRound(name, { what, mode, calls: planned.slice(first, first + ROUND[name]), random }).play(
				sum,
			);
		}
	}
	return sum;
}

/** The hosts of a round: one Node-RED, or as many executions of one n8n as there are calls. */
interface Hosts {
	place(call: Planned): Promise<void>;
	down(how: 'stop' | 'kill'): Promise<void>;
	up(): Promise<void>;
	/** When the next execution is to be woken; null when none is. */
	wakesAt(): number | null;
	wake(now: number): Promise<void>;
	search(): Promise<void>;
	told(): Told[];
	problems(): string[];
	close(): Promise<void>;
}

/** The fields in which one call differs from another. */
function fieldsOf(mode: Mode, { phone, agent }: Planned): Record<string, string> {
	if (mode === 'flow') return { from: phone };
	return mode === 'agent' ? { agentContact: agent, to: phone } : { to: phone };
}

async function openNodeRed(stage: Stage, double: Double, mode: Mode): Promise<Hosts> {
	const host = new FaultyNodeRed(stage, { url: double.origin });
	await host.open(mode);
	return {
		place: (call) => host.place({ order: call.order, fields: fieldsOf(mode, call) }),
		down: (how) => host.down(how),
		up: () => host.up(),
		wakesAt: () => null,
		wake: () => Promise.resolve(),
		search: () => Promise.resolve(),
		told: () => host.told(),
		problems: () => host.problems(),
		close: () => host.close(),
	};
}

async function openN8n(stage: Stage, double: Double, mode: Mode): Promise<Hosts> {
	reloadNodes();
	const exotel = { url: double.origin };
	const all: FaultyN8n[] = [];
	const common = { name: 'fault', host: 'n8n' as const, account: { sid: double.account.sid }, steps: [] };
	const trigger = new N8nRun(
		stage,
		{ ...exotel, requests: [], bodies: [], callbackOf: () => '' },
		{ ...common, ...completedCalls },
	);
	const search = async (): Promise<void> => {
		await trigger.take({ poll: 'trigger' });
		await stage.settle();
	};
	await search();
	return {
		async place(call) {
			const execution = new FaultyN8n(stage, exotel, false);
			all.push(execution);
			await execution.open(mode, fieldsOf(mode, call));
			await execution.place({ order: call.order });
		},
		async down(how) {
			for (const one of all) await one.down(how);
		},
		async up() {
			reloadNodes();
			trigger.restarted();
			for (const one of all) await one.up();
		},
		wakesAt: () => all.reduce<number | null>((first, one) => earlier(first, one.wakesAt()), null),
		async wake(now) {
			await Promise.all(all.filter((one) => (one.wakesAt() ?? Infinity) <= now).map((one) => one.wake()));
		},
		search,
		told: () => [...all.filter((one) => !one.crashed).flatMap((one) => one.told()), ...toldByTrigger(trigger)],
		problems: () => all.flatMap((one) => one.problems()),
		async close() {
			for (const one of all) await one.close();
		},
	};
}

const earlier = (one: number | null, other: number | null): number | null =>
	one === null || other === null ? (one ?? other) : Math.min(one, other);

/** Some calls at once, from the first request to the last end. */
class MixedRound {
	readonly #stage = new Stage();
	readonly #seen = new Set<string>();
	/** What is still to happen at Exotel, by its time in milliseconds since 1970. */
	#agenda: { at: number; act: () => Promise<unknown> }[] = [];

	constructor(
		readonly name: HostName,
		readonly round: { what: Round; mode: Mode; calls: Planned[]; random: Random },
	) {}

	async play(sum: Sum): Promise<void> {
		const stage = this.#stage;
		const { what, mode, calls } = this.round;
		const double = await openDouble();
		let hosts: Hosts | null = null;
		try {
			stage.watch(() => double.answering());
			const opened = await (this.name === 'Node-RED' ? openNodeRed : openN8n)(stage, double, mode);
			hosts = opened;
			for (const call of calls) this.#script(double, call);
			for (const call of calls) await opened.place(call);
			await stage.settle();
			const received = (): boolean => double.calls.length >= calls.length;
			for (let waited = 0; waited < 90 && !received(); waited += 1) await this.#pass(1, opened, double);
			assert.ok(received(), `${double.calls.length} of ${calls.length} calls reached Exotel within 90 s`);
			if (what === 'is killed') {
				await opened.down('kill');
				await this.#pass(2, opened, double);
				await opened.up();
			} else if (what === 'is restarted') {
				await this.#pass(2, opened, double);
				await opened.down('stop');
				await this.#pass(25, opened, double);
				await opened.up();
			}
			// A call that is placed late, after a 429, is found within this time.
			for (let passed = 0; passed < 10; passed += 1) await this.#pass(4, opened, double);
			await this.#pass(REST_SECONDS, opened, double);
			await opened.search();
			this.#add(sum, opened, double);
		} finally {
			await hosts?.close();
			stage.close();
			await double.close();
		}
	}

	#script(double: Double, { fault, phone, agent, order }: Planned): void {
		double.account.agents.push({ userId: `agent ${order}`, name: null, contactUri: agent, device: 'free' });
		const { answer, reports } = fault?.trouble ?? { answer: 'normal', reports: 'usual' };
		double.nextCall({
			for: phone,
			...doubleAnswers[answer],
			liveReads: 'until-told',
			...(reports === 'before-answer' && { reportsFirst: ['answered', 'terminal'] }),
		});
		if (answer === '429') double.nextCall({ for: phone, liveReads: 'until-told' });
	}

	/** Time passes on both sides. */
	async #pass(seconds: number, hosts: Hosts, double: Double): Promise<void> {
		const stage = this.#stage;
		const until = stage.now + seconds * 1000;
		for (;;) {
			this.#discover(double);
			const due = this.#agenda.filter(({ at }) => at <= stage.now);
			this.#agenda = this.#agenda.filter(({ at }) => at > stage.now);
			// A report may be answered only after some time: n8n reads the call first, in its turn.
			await Promise.race([Promise.all(due.map(({ act }) => act())), this.#quiet()]);
			if (due.length > 0) await stage.settle();
			if ((hosts.wakesAt() ?? Infinity) <= stage.now) await hosts.wake(stage.now + TOGETHER_MS);
			if (stage.now >= until) return;
			const next = Math.min(until, hosts.wakesAt() ?? Infinity, ...this.#agenda.map(({ at }) => at));
			await stage.advance(Math.max(0, next - stage.now) / 1000, TOGETHER_MS);
		}
	}

	async #quiet(): Promise<void> {
		for (let rounds = 0; rounds < 4; rounds += 1) await this.#stage.settle();
	}

	/** Plans what happens to calls that Exotel has just taken. */
	#discover(double: Double): void {
		for (const call of double.calls) {
			if (this.#seen.has(call.sid)) continue;
			this.#seen.add(call.sid);
			const planned = this.round.calls.find(({ phone }) => phone === (call.to ?? call.from));
			if (planned !== undefined && call.dialled) this.#plan(double, call, planned.fault);
		}
	}

	#plan(double: Double, call: DoubleCall, fault: Fault | null): void {
		const { random, mode } = this.round;
		const start = this.#stage.now;
		const plan = (seconds: number, act: () => Promise<unknown>): void =>
			void this.#agenda.push({ at: start + seconds * 1000, act });
		const tell = async (event: 'answered' | 'terminal', leg: 1 | 2 = 1): Promise<void> => {
			const times = fault?.trouble.reports === 'twice' ? 2 : 1;
			if (isAskedFor(call, event)) await double.report(call.sid, event, { leg, times });
		};
		const end = 14 + random.below(6);
		const address = call.subscriptions[0]?.url ?? call.defaultCallback ?? '';
		if (fault?.name === 'foreign report') {
			plan(2, async () => {
				double.account.scripts.unshift({ legs: [{ status: 'busy' }, { status: null }] });
				await double.report(await placeForStranger(double.origin, address), 'terminal');
			});
		}
		if (fault?.name === 'report without attempt') plan(2, () => lie({ sid: call.sid, address }, mode));
		const reports = fault?.trouble.reports ?? 'usual';
		if (reports === 'before-answer') return;
		if (reports === 'reversed') {
			plan(end, async () => {
				await tell('terminal');
				await tell('answered', 2);
				await tell('answered', 1);
			});
			return;
		}
		plan(4, () => tell('answered', 1));
		plan(7 + random.below(3), () => tell('answered', 2));
		plan(end, async () => {
			double.end(call.sid);
			if (reports !== 'lost' && reports !== 'late') await tell('terminal');
		});
		if (reports === 'late') plan(end + LATE_SECONDS, () => tell('terminal'));
	}

	#add(sum: Sum, hosts: Hosts, double: Double): void {
		const told = hosts.told();
		sum.problems.push(...hosts.problems());
		for (const planned of this.round.calls) {
			const call = double.calls.find(({ to, from, dialled }) => dialled && (to ?? from) === planned.phone);
			const mine = told.filter(
				({ order, sid, by }) =>
					by === 'the calling node' && order === planned.order && (sid === null || sid === call?.sid),
			);
			const found = told.filter(({ sid, by }) => by !== 'the calling node' && sid === call?.sid);
			const others = told.filter((one) => one.sid === call?.sid && !mine.includes(one) && !found.includes(one));
			const fails = judge(planned, this.name, { call, rings: double.rings.get(planned.phone) ?? 0, mine, found });
			sum.calls += 1;
			if (call !== undefined) sum.rang += 1;
			if ([...mine, ...found].some(({ outcome }) => outcome === 'answered')) sum.ended += 1;
			for (const fail of fails) {
				sum[fail] += 1;
				const what = `${fail}: call ${planned.order}, ${planned.fault?.name ?? 'no fault'}, ${this.round.mode}`;
				sum.problems.push(`${what}, the host ${this.round.what}: ${JSON.stringify({ mine, found, others })}`);
			}
		}
	}
}

type Fail = 'doubleDials' | 'lostEnds' | 'doubledEnds' | 'falseUnknown' | 'lateEnds';

/** What went wrong with one call. `mine`: told by the calling node; `found`: by the trigger that searches. */
function judge(
	{ fault }: Planned,
	name: HostName,
	{ call, rings, mine, found }: { call: DoubleCall | undefined; rings: number; mine: Told[]; found: Told[] },
): Fail[] {
	const fails: Fail[] = [];
	if (rings > 1) fails.push('doubleDials');
	const rang = call !== undefined;
	const ends = mine.filter(({ outcome }) => outcome !== 'unknown');
	const unknowns = mine.length - ends.length;
	// The exceptions of the table: there the trigger is the one that tells.
	const byTrigger = name === 'n8n' && (fault?.unknownOn === 'n8n' || fault?.stopsHost === 'killed');
	const all = byTrigger ? [...ends, ...found] : ends;
	if (rang && !all.some(({ outcome }) => outcome === 'answered')) fails.push('lostEnds');
	if (ends.length > (rang ? 1 : 0) || found.length > 1) fails.push('doubledEnds');
	if (rang && name === 'n8n' && found.length === 0) fails.push('lostEnds');
	const answer = fault?.trouble.answer ?? 'normal';
	const sure = answer === 'normal' || answer === '429';
	const last = mine.at(-1)?.outcome;
	if (unknowns > (sure ? 0 : 1) || (rang && !byTrigger && last === 'unknown')) fails.push('falseUnknown');
	const reportedAt = call === undefined ? null : endReportedAt(call);
	if (reportedAt !== null && ends.some(({ at }) => at > reportedAt + LEAVES_WITHIN_MS)) fails.push('lateEnds');
	return fails;
}

/** Nothing of what is promised was broken. */
export function checkMixed(sum: Sum, count: number): void {
	const { problems, rang, ended, calls, ...broken } = sum;
	assert.deepEqual(problems.slice(0, 10), [], `${problems.length} problems`);
	assert.deepEqual(broken, { doubleDials: 0, lostEnds: 0, doubledEnds: 0, falseUnknown: 0, lateEnds: 0 });
	assert.deepEqual([calls, ended], [count, rang]);
}
