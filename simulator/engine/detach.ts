/**
 * Work nobody waits for – a call running its course, a callback under way. Should it ever fail, that is a fault of the
 * simulator: it is noted at the call and on standard error, and the simulator goes on.
 */
import { note, type Call } from '../model/call';

/** Lets the work run on its own. */
export function inBackground(call: Call, work: Promise<unknown> | void): void {
	work?.catch((error: unknown) => {
		note(call, 'simulator-fault', null, error instanceof Error ? error.message : String(error));
		process.stderr.write(
			`exotel-simulator: call ${call.sid} met a fault of the simulator: ` +
				`${error instanceof Error ? error.stack : String(error)}\n`,
		);
	});
}
