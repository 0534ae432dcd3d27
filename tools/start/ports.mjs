/** The ports of the starters: the usual one, or the next free one when something else listens there. */
import net from 'node:net';

const HIGHEST = 65_535;
/** How many ports in a row are tried. */
const ATTEMPTS = 50;

/**
 * The ports of a starter: the simulator's and that of the host beside it.
 *
 * @param {{ server: string, variable: string, usual: number, key: string }} host `key`: its name in what is kept
 * @param {Record<string, number>} [last] the ports of the last start
 * @returns {Promise<Record<string, number>>} the ports as they are kept: `simulator` and the host's key
 * @throws RangeError when a variable holds no port, or none is free
 */
export async function portsFor({ key, ...host }, last) {
	const simulator = { server: 'the simulator', variable: 'SIMULATOR_PORT', usual: 4010 };
	// What is set is read before anything is looked for: a port that is none is the only line somebody gets to see.
	const wanted = [wantedPort(simulator, last?.simulator), wantedPort(host, last?.[key])];
	const ofSimulator = await freePort(simulator, wanted[0]);
	return { simulator: ofSimulator, [key]: await freePort(host, wanted[1], (port) => port === ofSimulator) };
}

/** The port that is set, or that of the last start, which addresses that were written down since then name. */
function wantedPort({ variable, usual }, last) {
	const given = process.env[variable];
	const wanted = given === undefined || given === '' ? (last ?? usual) : Number(given);
	if (Number.isInteger(wanted) && wanted >= 1 && wanted <= HIGHEST) return wanted;
	throw new RangeError(`${variable} must be a port, a whole number from 1 to ${HIGHEST}, for example ${usual}.`);
}

/**
 * The first free port from `wanted` on; says in a line when it is another one. `isTaken`: ports that are spoken for but
 * not listened on yet.
 */
async function freePort({ server, variable }, wanted, isTaken = () => false) {
	for (let port = wanted; port < wanted + ATTEMPTS && port <= HIGHEST; port += 1) {
		if (isTaken(port) || !(await isFree(port))) continue;
		if (port !== wanted)
			console.log(`Port ${wanted} is in use, so ${server} is at port ${port}. ${variable} sets another one.`);
		return port;
	}
	throw new RangeError(`No port from ${wanted} on is free for ${server}. Set ${variable}.`);
}

/** True when nothing listens there: neither on this address nor on all of them. */
async function isFree(port) {
	return (await canListen(port, '127.0.0.1')) && !(await answers(port));
}

function canListen(port, host) {
	return new Promise((resolve) => {
		const server = net.createServer();
		server.once('error', () => resolve(false));
		server.listen(port, host, () => server.close(() => resolve(true)));
	});
}

/** A server on all addresses does not keep another one from listening on 127.0.0.1, but browsers may reach either. */
function answers(port) {
	return new Promise((resolve) => {
		const socket = net.connect({ port, host: 'localhost' });
		const settle = (result) => {
			socket.destroy();
			resolve(result);
		};
		socket.setTimeout(1_000, () => settle(false));
		socket.once('connect', () => settle(true));
		socket.once('error', () => settle(false));
	});
}
