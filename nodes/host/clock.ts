/**
 * The core's clock inside n8n. Waiting uses n8n's own `sleep`; a wait that is cancelled ends at once.
 */

import { sleep } from 'n8n-workflow';

import type { Clock } from '../../exotel';

/** Time as n8n has it. */
export const clock: Clock = {
	now: () => Date.now(),

	elapsed: () => Math.floor(performance.now()),

	async sleep(ms, signal) {
		if (signal === undefined) return await sleep(ms);
		signal.throwIfAborted();
		let cancel = () => {};
		const cancelled = new Promise<void>((resolve) => {
			cancel = resolve;
			signal.addEventListener('abort', cancel, { once: true });
		});
		await Promise.race([sleep(ms), cancelled]);
		signal.removeEventListener('abort', cancel);
		signal.throwIfAborted();
	},
};
