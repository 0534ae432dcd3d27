/**
 * Gives each request that the tests of the hosts send a connection of its own. One that was kept may be closed by the
 * host in the moment in which it is used again; the test would then see a reset connection that no host is to blame for.
 */
const { fetch } = globalThis;

globalThis.fetch = (input, init) => {
	const request = new Request(input, init);
	request.headers.set('connection', 'close');
	return fetch(request);
};

export {};
