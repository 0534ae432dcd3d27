/**
 * Work that is not awaited – a call running its course, a callback under way. Should it ever fail, that is a fault of
 * the simulator: it is noted at the call and on standard error, and the simulator goes on.
 */
import { note } from '../model/call';
import type { CallState } from './call-state';

/** Lets the work run on its own; it may end early because its call was forgotten. */
export function detach({ call, signal }: CallState, work: Promise<unknown> | void): void {
	work?.catch((error: unknown) => {
		if (signal.aborted && error === signal.reason) return;
		note(call, 'simulator-fault', null, error instanceof Error ? error.message : String(error));
		process.stderr.write(
			`exotel-simulator: call ${call.sid} met a fault of the simulator: ` +
				`${error instanceof Error ? error.stack : String(error)}\n`,
		);
	});
}
