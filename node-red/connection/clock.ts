/** The time the core works with inside Node-RED: the process clock. */
import type { Clock } from '../../exotel/index';

/** The process clock; `sleep` ends early, with the signal's reason, when the signal is aborted. */
export const processClock: Clock = {
	now: () => Date.now(),
	sleep: (ms, signal) =>
		new Promise((resolve, reject) => {
			if (signal?.aborted) {
				reject(signal.reason as Error);
				return;
			}
			const wake = (): void => {
				signal?.removeEventListener('abort', stop);
				resolve();
			};
			const stop = (): void => {
				clearTimeout(timer);
				reject(signal?.reason as Error);
			};
			const timer = setTimeout(wake, ms);
			signal?.addEventListener('abort', stop, { once: true });
		}),
};
