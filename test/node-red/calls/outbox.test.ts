/** The outbox: nothing a node has to say is lost to a deploy, of the node itself or of those it is wired to. */
import assert from 'node:assert/strict';
import { MAX_WAITING, Outbox, type Receiver, type Sender } from '../../../node-red/calls/outbox';

/** Deploys that begin and end when the test says so. */
class HandDeploys {
	running = false;
	readonly #afterStart = new Set<() => void>();
	readonly #onStopping = new Set<() => void>();
	afterStart(work: () => void): () => void {
		this.#afterStart.add(work);
		return () => void this.#afterStart.delete(work);
	}
	onStopping(work: () => void): () => void {
		this.#onStopping.add(work);
		return () => void this.#onStopping.delete(work);
	}
	begin(): void {
		this.running = true;
		for (const work of this.#onStopping) work();
	}
	end(): void {
		this.running = false;
		const ready = [...this.#afterStart];
		this.#afterStart.clear();
		for (const work of ready) work();
	}
}

/** An instance that writes down what it sends; its receivers are alive as long as they are in `alive`. */
class HandSender implements Sender<number> {
	readonly sent: number[] = [];
	readonly sentOnly: string[] = [];
	readonly failures: unknown[] = [];
	lost = 0;
	constructor(private readonly alive: Map<string, Receiver> = new Map()) {}
	send(message: number): void {
		this.sent.push(message);
	}
	receivers(): Receiver[] {
		return [...this.alive.values()];
	}
	receiver(id: string): Receiver | null {
		return this.alive.get(id) ?? null;
	}
	sendOnlyTo(message: number, receivers: readonly Receiver[]): void {
		this.sentOnly.push(...receivers.map(({ id }) => `${message} to ${id}`));
	}
	failed(reason: unknown): void {
		this.failures.push(reason);
	}
	dropped(count: number): void {
		this.lost += count;
	}
}

const delivered = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('the outbox', () => {
	let deploys: HandDeploys;
	beforeEach(() => (deploys = new HandDeploys()));

	it('sends at once when nothing is being deployed', () => {
		const sender = new HandSender();
		const outbox = new Outbox<number>(deploys);
		outbox.open(sender);
		outbox.put(1);
		outbox.put(2);
		assert.deepEqual(sender.sent, [1, 2]);
	});

	it('keeps what is said while other nodes are being deployed, and its order', () => {
		const sender = new HandSender();
		const outbox = new Outbox<number>(deploys);
		outbox.open(sender);
		deploys.begin();
		outbox.put(1);
		outbox.put(2);
		assert.deepEqual(sender.sent, []);
		deploys.end();
		outbox.put(3);
		assert.deepEqual(sender.sent, [1, 2, 3]);
	});

	it('gives what waits to the next instance when its own node is deployed meanwhile', () => {
		const [old, next] = [new HandSender(), new HandSender()];
		const outbox = new Outbox<number>(deploys);
		outbox.open(old);
		deploys.begin();
		outbox.put(1);
		outbox.close(old);
		outbox.put(2);
		deploys.afterStart(() => outbox.open(next));
		deploys.end();
		outbox.put(3);
		assert.deepEqual([old.sent, next.sent], [[], [1, 2, 3]]);
	});

	it('sends again what was sent in the moment the flows stopped, when its receivers were replaced', async () => {
		const alive = new Map([['r', { id: 'r' }]]);
		const [old, next] = [new HandSender(alive), new HandSender(alive)];
		const outbox = new Outbox<number>(deploys);
		outbox.open(old);
		outbox.put(1);
		await delivered();
		outbox.put(2);
		deploys.begin();
		outbox.close(old);
		outbox.put(3);
		alive.set('r', { id: 'r' });
		deploys.afterStart(() => outbox.open(next));
		deploys.end();
		assert.deepEqual(
			[old.sent, next.sent],
			[
				[1, 2],
				[2, 3],
			],
		);
	});

	it('does not repeat it to receivers that stayed', () => {
		const alive = new Map(['stays', 'goes'].map((id) => [id, { id }]));
		const sender = new HandSender(alive);
		const outbox = new Outbox<number>(deploys);
		outbox.open(sender);
		outbox.put(1);
		deploys.begin();
		alive.set('goes', { id: 'goes' });
		deploys.end();
		assert.deepEqual([sender.sent, sender.sentOnly], [[1], ['1 to goes']]);
	});

	it('says that a message was sent when its receivers have it, not while it waits or when it is dropped', async () => {
		const alive = new Map([['r', { id: 'r' }]]);
		const sender = new HandSender(alive);
		const outbox = new Outbox<number>(deploys);
		const sent: number[] = [];
		const put = (message: number): void => outbox.put(message, () => sent.push(message));
		outbox.open(sender);
		put(1);
		assert.deepEqual(sent, []);
		await delivered();
		assert.deepEqual(sent, [1]);
		put(2);
		deploys.begin();
		put(3);
		alive.set('r', { id: 'r' });
		await delivered();
		assert.deepEqual(sent, [1]);
		deploys.end();
		await delivered();
		assert.deepEqual(sent, [1, 2, 3]);
		put(4);
		deploys.begin();
		deploys.end();
		assert.deepEqual(sent, [1, 2, 3, 4]);
		outbox.close(sender);
		for (let message = 5; message < MAX_WAITING + 10; message += 1) put(message);
		outbox.open(sender);
		await delivered();
		assert.deepEqual([sent.length, sent[4]], [MAX_WAITING + 4, 10]);
	});

	it('counts a message that goes to nobody as sent, also when flows are stopped in that moment', () => {
		const outbox = new Outbox<number>(deploys);
		outbox.open(new HandSender());
		let isSent = false;
		outbox.put(1, () => (isSent = true));
		deploys.begin();
		assert.equal(isSent, true);
	});

	it('keeps for the next instance what is left when the one that sends is closed by its own message', () => {
		const outbox = new Outbox<number>(deploys);
		for (const message of [1, 2, 3]) outbox.put(message);
		class Closing extends HandSender {
			override send(message: number): void {
				super.send(message);
				outbox.close(this);
			}
		}
		const [closing, next] = [new Closing(), new HandSender()];
		outbox.open(closing);
		outbox.open(next);
		assert.deepEqual([closing.sent, next.sent], [[1], [2, 3]]);
	});

	it('forgets everything with its node', () => {
		const sender = new HandSender();
		const outbox = new Outbox<number>(deploys);
		outbox.open(sender);
		deploys.begin();
		outbox.put(1);
		outbox.empty();
		deploys.end();
		assert.deepEqual(sender.sent, []);
	});

	it('drops the oldest beyond a thousand, and says how many', () => {
		const sender = new HandSender();
		const outbox = new Outbox<number>(deploys);
		for (let message = 0; message < MAX_WAITING + 5; message += 1) outbox.put(message);
		outbox.open(sender);
		assert.deepEqual([sender.sent.length, sender.sent[0], sender.lost], [MAX_WAITING, 5, 5]);
	});
});
