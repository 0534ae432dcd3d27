/** Live updates for the page: a server-sent event for every changed call, every delivery and every reset. */
import { HANDLED, type Reply } from '../../wire/answer';
import type { Exchange, News } from '../../engine/simulation';
import type { Incoming } from '../request';

/** Real milliseconds between signs of life, so that nobody in between closes the connection. */
const HEARTBEAT_MS = 20_000;

const UNREAD_LIMIT_BYTES = 1024 * 1024;

/** Keeps the connection open and passes the news on until the reader goes. */
export function liveNews(exchange: Exchange, incoming: Incoming): Reply {
	const { response } = incoming;
	response.writeHead(200, {
		'Content-Type': 'text/event-stream',
		'Cache-Control': 'no-store',
		Connection: 'keep-alive',
	});
	response.write('retry: 1000\nevent: hello\ndata: {}\n\n');
	const pass = (news: News) => {
		// a reader that does not read is let go, so that nothing piles up for him; browsers connect again
		if (response.writableLength > UNREAD_LIMIT_BYTES) response.destroy();
		else response.write(`event: ${news.type}\ndata: ${JSON.stringify(news)}\n\n`);
	};
	const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
	heartbeat.unref();
	exchange.news.on('news', pass);
	response.on('close', () => {
		clearInterval(heartbeat);
		exchange.news.off('news', pass);
	});
	return HANDLED;
}
