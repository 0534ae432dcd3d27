/**
 * Records a complete story of the simulator as text: every HTTP answer, every request it sends to somebody else's
 * server, and – at the end – every call as the control API shows it. Ports and real milliseconds are normalised, nothing
 * else.
 */
import { createHash } from 'node:crypto';
import { CREDENTIALS, EXOPHONE, FROM, Receiver, START, TO, type Answerer } from './telephone-line';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator/index';

/** Headers that say nothing about the simulator. */
const TRANSPORT_HEADERS = ['date', 'connection', 'keep-alive', 'transfer-encoding', 'host'];

/** Addresses the simulator gives out must not contain its port: boundaries of multipart bodies depend on them. */
const PUBLIC_URL = 'http://simulator';

export class Story {
	private readonly lines: string[] = [];
	/** path → what our server answers; 200 `ok` elsewhere */
	readonly answers: Record<string, Answerer> = {};
	account = 'Exotel';
	private told = 0;

	private constructor(
		readonly simulator: Simulator,
		readonly receiver: Receiver,
	) {
		receiver.answer = (received, response) =>
			(this.answers[received.path] ?? ((_received, plain) => plain.end('ok')))(received, response);
	}

	static async record(options: SimulatorOptions, scenario: (story: Story) => Promise<void>): Promise<string> {
		const simulator = await startSimulator({
			port: 0,
			speed: 0,
			startTime: START,
			seed: 1,
			publicUrl: PUBLIC_URL,
			...options,
		});
		const receiver = await Receiver.open();
		const story = new Story(simulator, receiver);
		try {
			await scenario(story);
			await story.tellCalls();
			return story.text();
		} finally {
			await simulator.close();
			await receiver.close();
		}
	}

	/** Answers with JSON (or, given a text, with that text). */
	answer(path: string, body: unknown, type = 'application/json', status = 200): void {
		this.answers[path] = (_received, response) =>
			response
				.writeHead(status, { 'Content-Type': type })
				.end(typeof body === 'string' ? body : JSON.stringify(body));
	}

	async request(method: string, path: string, body?: BodyInit, headers: Record<string, string> = {}): Promise<any> {
		const shown = typeof body === 'string' ? body : body instanceof URLSearchParams ? body.toString() : '';
		this.lines.push(`> ${method} ${path}${shown ? `\n  ${shown}` : ''}`);
		let json: unknown;
		try {
			const response = await fetch(`${this.simulator.url}${path.replace(PUBLIC_URL, '')}`, {
				method,
				body,
				headers: { Authorization: CREDENTIALS, ...headers },
				redirect: 'manual',
			});
			const bytes = Buffer.from(await response.arrayBuffer());
			const type = response.headers.get('content-type') ?? '';
			const text = type.startsWith('audio/')
				? `${bytes.length} bytes, sha256 ${createHash('sha256').update(bytes).digest('hex')}`
				: bytes.toString('utf8');
			try {
				json = JSON.parse(text);
			} catch {
				json = undefined;
			}
			const told: string[][] = [];
			response.headers.forEach((value, name) => {
				if (!TRANSPORT_HEADERS.includes(name)) told.push([name, value]);
			});
			this.lines.push(
				`< ${response.status}\n${told.map(([name, value]) => `  ${name}: ${value}\n`).join('')}  ${text}`,
			);
		} catch {
			this.lines.push('< connection closed');
		}
		await this.simulator.settle();
		this.tellReceived();
		return json;
	}

	v1(method: string, path: string, body?: BodyInit, headers?: Record<string, string>): Promise<any> {
		return this.request(method, `/v1/Accounts/${this.account}${path}`, body, headers);
	}

	v2(method: string, path: string, body?: unknown): Promise<any> {
		const json = { 'Content-Type': 'application/json' };
		return body === undefined
			? this.request(method, `/v2/accounts/${this.account}${path}`)
			: this.request(method, `/v2/accounts/${this.account}${path}`, JSON.stringify(body), json);
	}

	control(method: string, path: string, body?: unknown): Promise<any> {
		const json = { 'Content-Type': 'application/json' };
		const sent = body === undefined ? undefined : JSON.stringify(body);
		return this.request(method, `/_simulator/api${path}`, sent, json);
	}

	/** Places a v1 call between two numbers; `fields` override, an empty one is left out. */
	place(fields: Record<string, string> = {}, suffix = '.json'): Promise<any> {
		const given = Object.entries({ From: FROM, To: TO, CallerId: EXOPHONE, ...fields });
		const body = new URLSearchParams(given.filter(([, value]) => value !== ''));
		return this.v1('POST', `/Calls/connect${suffix}`, body);
	}

	/** Calls a number into a flow. */
	placeFlow(flow: string, fields: Record<string, string> = {}): Promise<any> {
		return this.place({ To: '', Url: `http://my.exotel.com/Exotel/exoml/start_voice/${flow}`, ...fields });
	}

	inbound(flow: string, fields: Record<string, unknown> = {}): Promise<any> {
		const account = this.account;
		return this.control('POST', '/inbound', { from: FROM, to: EXOPHONE, flow, account, ...fields });
	}

	async advance(seconds: number): Promise<void> {
		this.lines.push(`+ ${seconds} s`);
		await this.simulator.advance(seconds);
		await this.simulator.settle();
		this.tellReceived();
	}

	private tellReceived(): void {
		for (const { method, path, rawQuery, rawHeaders, body } of this.receiver.received.slice(this.told)) {
			const headers: string[] = [];
			for (let index = 0; index < rawHeaders.length; index += 2) {
				const name = rawHeaders[index] ?? '';
				if (!TRANSPORT_HEADERS.includes(name.toLowerCase()))
					headers.push(`  ${name}: ${rawHeaders[index + 1] ?? ''}\n`);
			}
			this.lines.push(
				`* ${method} ${path}${rawQuery ? `?${rawQuery}` : ''}\n${headers.join('')}${body ? `  ${body}` : ''}`,
			);
		}
		this.told = this.receiver.received.length;
	}

	private async tellCalls(): Promise<void> {
		for (const { sid } of this.simulator.calls().reverse()) {
			const view = await fetch(`${this.simulator.url}/_simulator/api/calls/${sid}`);
			this.lines.push(`= call\n${JSON.stringify(await view.json(), null, 1)}`);
		}
	}

	private text(): string {
		return `${this.lines.join('\n')}\n`
			.replaceAll(this.simulator.url, 'http://simulator')
			.replaceAll(encodeURIComponent(this.simulator.url), 'http%3A%2F%2Fsimulator')
			.replaceAll(this.receiver.url, 'http://receiver')
			.replaceAll(encodeURIComponent(this.receiver.url), 'http%3A%2F%2Freceiver')
			.replace(/"ms": ?\d+/g, '"ms": 0');
	}
}
