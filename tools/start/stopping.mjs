/**
 * Stops what a starter has started: on Ctrl-C, when its window is closed, on an error, and when one of the servers ends
 * by itself.
 */
import { stopPrograms } from '../hosts/programs.mjs';

/** Puts the handlers of Ctrl-C in place. */
export function startStopping() {
	const steps = [];
	let stopping;

	/** What is being installed first, then in the reverse order of the start; once. */
	const stop = (code) => {
		stopping ??= (async () => {
			await stopPrograms();
			for (const step of steps.reverse()) await step();
			process.exit(code);
		})();
		return stopping;
	};
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(0));

	return {
		/** Adds what is to be stopped later. */
		add: (step) => steps.push(step),

		/** Ends everything when this server ends, with its log. */
		watch(name, server) {
			server.exited.then((code) => {
				if (stopping) return;
				console.error(`${name} ended by itself (${code}):\n${server.log()}`);
				stop(1);
			});
		},

		/** Runs the start; an error is reported and ends it. What the user can correct is one line. */
		async orReport(name, start) {
			try {
				await start();
			} catch (error) {
				// Ctrl-C during the start.
				if (stopping) return;
				console.error(error instanceof RangeError ? error.message : error);
				if (!(error instanceof RangeError)) console.error(`${name} could not be started.`);
				await stop(1);
			}
		},
	};
}
