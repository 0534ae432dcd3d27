/** A transport that follows a script, and what comes out when a request is sent through it while time runs by hand. */
import assert from 'node:assert/strict';
import {
	connectNumbers,
	ExotelError,
	type FieldSet,
	getCall,
	type HttpRequest,
	type HttpResponse,
	type Operation,
	perform,
	type RawInput,
	type SendOptions,
	type Transport,
	type TransportOptions,
} from '../../exotel/index';
import { send } from '../../exotel/http/send';
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

/** The error of an operation whose one attempt gets this response. */
export async function failedWith<Fields extends FieldSet>(
	operation: Operation<Fields, unknown>,
	input: RawInput<Fields>,
	response: HttpResponse,
): Promise<ExotelError> {
	const { transport } = scripted(response);
	const error: unknown = await perform(operation, singapore, input, options(transport, { maxAttempts: 1 })).then(
		() => assert.fail('was accepted'),
		(thrown: unknown) => thrown,
	);
	assert.ok(error instanceof ExotelError, String(error));
	return error;
}

/** Sends, lets time run, and hands back what came out. */
export async function outcome(request: HttpRequest, steps: Step[], more: Partial<SendOptions> = {}) {
	const { transport, sent } = scripted(...steps);
	const given = options(transport, more);
	const ending = send(request, given).then(
		(sent) => ({ ...sent, error: undefined }),
		(error: unknown) => ({ response: undefined, attempts: undefined, error }),
	);
	await given.clock.finish();
	const { response, attempts, error } = await ending;
	if (error !== undefined) assert.ok(error instanceof ExotelError, `not an ExotelError: ${String(error)}`);
	return { response, attempts, error: error as ExotelError | undefined, sent, slept: given.clock.slept };
}
