/** Live updates for the page: a server-sent event for every changed call, every delivery and every reset. */
import { HANDLED, type Reply } from '../http/reply';
import type { Incoming } from '../http/request';
import type { Simulation, Update } from '../../engine/simulation';

/** Real milliseconds between signs of life, so that no proxy closes the connection. */
const HEARTBEAT_MS = 20_000;

const MAX_UNREAD_BYTES = 1024 * 1024;

/** Keeps the connection open and sends every update until the reader disconnects. */
export function liveEvents(simulation: Simulation, incoming: Incoming): Reply {
	const { response } = incoming;
	response.writeHead(200, {
		'Content-Type': 'text/event-stream',
		'Cache-Control': 'no-store',
		Connection: 'keep-alive',
	});
	response.write('retry: 1000\nevent: hello\ndata: {}\n\n');
	const send = (update: Update) => {
		// a reader that does not read is disconnected, so that nothing piles up; browsers connect again
		if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
		else response.write(`event: ${update.type}\ndata: ${JSON.stringify(update)}\n\n`);
	};
	const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
	heartbeat.unref();
	simulation.updates.on('update', send);
	response.on('close', () => {
		clearInterval(heartbeat);
		simulation.updates.off('update', send);
	});
	return HANDLED;
}
