/** A transport that follows a script, and what comes out when a request is sent through it while time runs by hand. */
import assert from 'node:assert/strict';
import {
	connectNumbers,
	ExotelError,
	getCall,
	send,
	type HttpRequest,
	type HttpResponse,
	type SendOptions,
	type Transport,
	type TransportOptions,
} from '../../exotel/index';
import { HandClock } from './hand-clock';
import { singapore } from './samples';

/** A request that makes phones ring. */
export const placing = connectNumbers.request(singapore, {
	from: '+919413740001',
	to: '+918867990002',
	exoPhone: '01130830003',
});
/** A request that only reads. */
export const reading = getCall.request(singapore, { sid: 'b6cfaf5f5cef3ca0fc937749ef960e25' });

/** One thing a transport may do. */
export type Step = HttpResponse | Error | (() => never);

/** An error of the platform. */
export function failing(code: string, syscall?: string): Error {
	return Object.assign(new Error(`${syscall ?? ''} ${code}`), { code }, syscall === undefined ? {} : { syscall });
}
/** Nobody listens: the request was never written. */
export const refusedConnection = failing('ECONNREFUSED', 'connect');
/** The connection broke after the request was written. */
export const reset = failing('ECONNRESET', 'read');

/** A transport that goes through its steps, the last one for ever. */
export function scripted(...steps: Step[]) {
	const sent: { request: HttpRequest; options: TransportOptions }[] = [];
	const transport: Transport = async (request, options) => {
		sent.push({ request, options });
		const step = steps[Math.min(sent.length, steps.length) - 1];
		if (step instanceof Error) throw step;
		return typeof step === 'function' ? step() : (step as HttpResponse);
	};
	return { transport, sent };
}

/** What `send` needs, time by hand. */
export function options(transport: Transport, more: Partial<SendOptions> = {}): SendOptions & { clock: HandClock } {
	return { transport, clock: new HandClock(), account: singapore, random: () => 0.5, ...more } as SendOptions & {
		clock: HandClock;
	};
}

/** Sends, lets time run, and hands back what came out. */
export async function outcome(request: HttpRequest, steps: Step[], more: Partial<SendOptions> = {}) {
	const { transport, sent } = scripted(...steps);
	const given = options(transport, more);
	const ending = send(request, given).then(
		(response) => ({ response, error: undefined }),
		(error: unknown) => ({ response: undefined, error }),
	);
	await given.clock.finish();
	const { response, error } = await ending;
	if (error !== undefined) assert.ok(error instanceof ExotelError, `not an ExotelError: ${String(error)}`);
	return { response, error: error as ExotelError | undefined, sent, slept: given.clock.slept };
}
