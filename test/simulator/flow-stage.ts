/** A simulator, a server of ours and one flow: what the tests of flows and applets share. */
import assert from 'node:assert/strict';
import { ACCOUNT, EXOPHONE, Line, Receiver, type Answerer, type Received } from './telephone-line';
import type { SimulatorOptions } from '../../simulator/index';

export const CUSTOMER = '+919812345670';

/** A number of an agent, by its last two digits. */
export const agent = (digits: string): string => `+9198123457${digits}`;

/** An answer of our server. */
export const json =
	(body: unknown, type = 'application/json', status = 200): Answerer =>
	(_received, response) =>
		response
			.writeHead(status, { 'Content-Type': type })
			.end(typeof body === 'string' ? body : JSON.stringify(body));

/** The shortest Connect 1.0 answer. */
export const numbers = (...list: string[]): { destination: { numbers: string[] } } => ({
	destination: { numbers: list },
});

/** The header of a WAV file of 16 bit. */
export function wav({ rate, channels }: { rate: number; channels: number }): Buffer {
	const header = Buffer.alloc(44);
	header.write('RIFF\0\0\0\0WAVEfmt ', 'latin1');
	header.writeUInt32LE(16, 16);
	header.writeUInt16LE(1, 20);
	header.writeUInt16LE(channels, 22);
	header.writeUInt32LE(rate, 24);
	header.writeUInt32LE(rate * channels * 2, 28);
	header.writeUInt16LE(channels * 2, 32);
	header.writeUInt16LE(16, 34);
	header.write('data', 36, 'latin1');
	return header;
}

export class FlowStage {
	/** path → what our server answers; `ok` elsewhere */
	readonly answers: Record<string, Answerer> = {};

	private constructor(
		readonly line: Line,
		readonly receiver: Receiver,
	) {
		receiver.answer = (received, response) =>
			(this.answers[received.path] ?? json('ok', 'text/plain'))(received, response);
	}

	static async open(options: SimulatorOptions = {}): Promise<FlowStage> {
		return new FlowStage(await Line.open(options), await Receiver.open());
	}

	async close(): Promise<void> {
		await this.line.close();
		await this.receiver.close();
	}

	/** Sets flow 926. */
	async setFlow(applets: unknown[]): Promise<void> {
		const answer = await this.line.control('PUT', '/flows/926', { applets });
		assert.equal(answer.status, 200, answer.text);
	}

	/** A customer rings in; some minutes later, the call as the control API shows it. */
	async ringIn(fields: Record<string, unknown> = {}): Promise<any> {
		const answer = await this.line.control('POST', '/inbound', {
			from: CUSTOMER,
			to: EXOPHONE,
			flow: '926',
			account: ACCOUNT,
			...fields,
		});
		assert.equal(answer.status, 200, answer.text);
		await this.line.simulator.advance(200);
		return this.line.view(answer.json.sid as string);
	}

	/** A Connect applet that asks our server. */
	connect(path = '/connect', more: Record<string, unknown> = {}): Record<string, unknown> {
		return { type: 'connect', version: '1.0', url: `${this.receiver.url}${path}`, ...more };
	}

	/** What came to one path of our server. */
	at(path: string): Received[] {
		return this.receiver.received.filter((received) => received.path === path);
	}
}
