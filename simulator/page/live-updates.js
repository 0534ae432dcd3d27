// Hears what happens in the simulator: server-sent events while they work, asking every two seconds while they do not.

const POLL_MS = 2000;
const RETRY_MS = 5000;
const KINDS = ['call', 'delivery', 'reset', 'clock', 'chaos', 'flows'];

/**
 * @param onNews called with each piece of news ({ type, sid? }); `{ type: 'everything' }` after a gap and while polling
 * @param onState called with 'connecting', 'live', 'polling' or 'lost'
 */
export function followNews(onNews, onState) {
	let source = null;
	let poll = 0;
	let retry = 0;

	const connect = () => {
		source = new EventSource('api/events');
		source.onopen = () => {
			clearInterval(poll);
			poll = 0;
			onState('live');
			onNews({ type: 'everything' });
		};
		for (const kind of KINDS) source.addEventListener(kind, (message) => onNews(readNews(message.data)));
		source.onerror = () => {
			startPolling();
			if (source.readyState === EventSource.CLOSED) {
				clearTimeout(retry);
				retry = setTimeout(connect, RETRY_MS);
			}
		};
	};
	const startPolling = () => {
		if (poll !== 0) return;
		const look = async () => {
			try {
				const response = await fetch('api/health', { cache: 'no-store' });
				onState(response.ok ? 'polling' : 'lost');
				if (response.ok) onNews({ type: 'everything' });
			} catch {
				onState('lost');
			}
		};
		poll = setInterval(look, POLL_MS);
		look();
	};

	onState('connecting');
	connect();
	// A page nobody sees must not keep one of the few connections a browser allows per host.
	document.addEventListener('visibilitychange', () => {
		clearTimeout(retry);
		clearInterval(poll);
		poll = 0;
		source.close();
		if (!document.hidden) connect();
	});
}

function readNews(data) {
	try {
		return JSON.parse(data);
	} catch {
		return { type: 'everything' };
	}
}
