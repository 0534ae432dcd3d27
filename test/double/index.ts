/**
 * A second double of Exotel, written from the vendor's documents alone. It shares nothing with the simulator or the
 * core, so that a mistake they have in common shows up here. Comments name the seed a behaviour is from; "(facts, not
 * documented)" marks what the seeds (docs/sources.md) leave open and docs/exotel-facts.md fills in.
 */
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { newAccount, type Account, type Agent, type DoubleOptions, type Fault, type NumberFacts } from './account';
import { agentEvent, type AgentEventAnswer, type AgentEventOptions } from './agent-events';
import { ask, type Asked, type AskOptions } from './applets';
import type { CallbackEvent } from './calls';
import { report, type Reported, type ReportOptions } from './callbacks';
import { newCall, type CallScript, type DoubleCall } from './calls';
import type { ReceivedRequest } from './http';
import { createServer } from './server';
import { hear, type Heard, type HearOptions } from './spoken';

export type { Account, Agent, AgentEventAnswer, AgentEventOptions, Asked, AskOptions, CallbackEvent, CallScript };
export type { Heard, HearOptions };
export type { DoubleCall, DoubleOptions, Fault, NumberFacts, ReceivedRequest, Reported, ReportOptions };

/** A running double. */
export interface Double {
	/** `http://127.0.0.1:<port>`; stands for every host of Exotel. */
	readonly origin: string;
	/** Sid, key, token, ExoPhones, agents and numbers; may be changed while it runs. */
	readonly account: Account;
	/** Every request received, oldest first. */
	readonly requests: ReceivedRequest[];
	/** Every call, oldest first, also those whose phones never rang (`dialled` false). */
	readonly calls: DoubleCall[];
	/** Number in E.164 → how often it was dialled for calls made through the API. */
	readonly rings: Map<string, number>;
	/** Scripts the next valid POST that makes a call; scripts queue up. A refused POST takes none. */
	nextCall(script: CallScript): void;
	/** Puts a call into the account without a request, such as a finished or an inbound one; no phone rings. */
	addCall(call: Partial<DoubleCall> & Pick<DoubleCall, 'from' | 'exoPhone'>, script?: CallScript): DoubleCall;
	/** Ends a call that was scripted to run on. */
	end(callSid: string): void;
	/** Sends a status callback. */
	report(callSid: string, event: CallbackEvent, options?: ReportOptions): Promise<Reported>;
	/** Asks an address as an applet does. */
	ask(url: string, options: AskOptions): Promise<Asked>;
	/** Requests an address as Gather and Greeting do. */
	hear(url: string, options: HearOptions): Promise<Heard>;
	/** Tells an address of an attempt to reach an agent. */
	agentEvent(url: string, options: AgentEventOptions): Promise<AgentEventAnswer>;
	/** Lets the next `count` requests of a method fail; what fails reaches no page and makes no call. */
	failNext(method: string, count: number, fault: Fault): void;
	/** True while a request is being answered; one that is never answered does not count. */
	answering(): boolean;
	/** Ends the server and every connection. */
	close(): Promise<void>;
}

/** Starts a double on 127.0.0.1. */
export async function startDouble(options: DoubleOptions = {}): Promise<Double> {
	const account = newAccount(options);
	const server = createServer(account);
	const sockets = new Set<Socket>();
	server.on('connection', (socket: Socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
	});
	server.listen(options.port ?? 0, '127.0.0.1');
	await once(server, 'listening');
	account.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		origin: account.origin,
		account,
		requests: account.requests,
		calls: account.calls,
		rings: account.rings,
		nextCall: (script) => void account.scripts.push(script),
		addCall(call, script = {}) {
			const added = newCall(call, script);
			account.calls.push(added);
			return added;
		},
		end(callSid) {
			const call = account.calls.find((one) => one.sid === callSid);
			if (call === undefined) throw new Error(`The double has no call ${callSid}`);
			call.ended = true;
		},
		report: (callSid, event, reportOptions = {}) => report(account, callSid, event, reportOptions),
		ask: (url, askOptions) => ask(account, url, askOptions),
		hear: (url, hearOptions) => hear(account, url, hearOptions),
		agentEvent: (url, eventOptions) => agentEvent(account, url, eventOptions),
		failNext(method, count, fault) {
			const queue = account.faults.get(method) ?? [];
			account.faults.set(method, [...queue, ...Array.from({ length: count }, () => fault)]);
		},
		answering: () => account.answering > 0,
		async close() {
			const closed = once(server, 'close');
			server.close();
			for (const socket of sockets) socket.destroy();
			await closed;
		},
	};
}
