/** What the clients call: our simulator, as strict as it is by default, and the second double. */
import { startSimulator } from '../../simulator/index';
import { startDouble } from '../double';

export const SID = 'Exotel';
export const TOKEN = 'token-of-the-account';
/** The ExoPhones of the samples, `0XXXXXX4890` and `0113083XXXX`. */
export const EXOPHONE = '08047114890';
export const OTHER_EXOPHONE = '01130831234';
/** The flow of the samples. */
export const FLOW = '926';

/** A call as the service has it in its list. */
export interface PlacedCall {
	sid: string;
	/** E.164 */
	from: string;
	/** E.164; null if it goes to a flow */
	to: string | null;
	/** National, with a 0 */
	exoPhone: string;
}

export interface Service {
	origin: string;
	/** Newest last. */
	placed(): PlacedCall[];
	/** Lets all calls end. */
	endCalls(): Promise<void>;
	close(): Promise<void>;
}

/** The number in E.164, and the same number as a caller in India dials it. */
const international = (number: string): string => number.trim().replace(/^(?:\+?91|0)?(\d{10})$/, '+91$1');
const national = (number: string): string => international(number).replace('+91', '0');

async function simulator(key: string): Promise<Service> {
	const exoPhones = [EXOPHONE, OTHER_EXOPHONE];
	const running = await startSimulator({ port: 0, speed: 0, accounts: [{ sid: SID, key, token: TOKEN, exoPhones }] });
	running.setFlow(FLOW, { applets: [{ type: 'greeting', text: 'Good morning' }] });
	return {
		origin: running.url,
		placed: () =>
			running
				.calls(SID)
				.reverse()
				.map(({ sid, from, to, exoPhone, flow }) => ({
					sid,
					from: international(from),
					to: flow === null ? international(to) : null,
					exoPhone: national(exoPhone),
				})),
		endCalls: () => running.advance(600),
		close: () => running.close(),
	};
}

async function double(key: string): Promise<Service> {
	const exoPhones = [EXOPHONE, OTHER_EXOPHONE].map(international);
	const running = await startDouble({ sid: SID, key, token: TOKEN, exoPhones });
	return {
		origin: running.origin,
		placed: () =>
			running.calls.map(({ sid, from, to, exoPhone }) => ({
				sid,
				from: international(from),
				to: to === null ? null : international(to),
				exoPhone: national(exoPhone),
			})),
		endCalls: () => {
			for (const { sid } of running.calls) running.end(sid);
			return Promise.resolve();
		},
		close: () => running.close(),
	};
}

/** Starts each of them, with one account that has this API key. */
export const services: Record<string, (key: string) => Promise<Service>> = {
	'the simulator': simulator,
	'the second double': double,
};
