/** Sends a burst of callbacks from a process of its own, so that whoever measures meanwhile is not held up by it. */
import { callbacks } from './node-red.mjs';
import { openLanes } from './measuring.mjs';

process.on('message', async ({ port, path, token, count }) => {
	const lanes = openLanes(port, count);
	let refused = 0;
	await lanes.all(callbacks(path, token, 'JSON', count), ({ status }) => (refused += status === 200 ? 0 : 1));
	lanes.close();
	process.send({ refused });
});
