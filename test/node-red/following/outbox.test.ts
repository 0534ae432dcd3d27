/** The outbox: nothing a node has to say is lost to a deploy, of the node itself or of those it is wired to. */
import assert from 'node:assert/strict';
import { Outbox } from '../../../node-red/following/outbox';

/** Deploys that begin and end when the test says so. */
class HandDeploys {
	running = false;
	readonly #waiting = new Set<() => void>();
	afterStart(work: () => void): () => void {
		this.#waiting.add(work);
		return () => void this.#waiting.delete(work);
	}
	end(): void {
		this.running = false;
		const ready = [...this.#waiting];
		this.#waiting.clear();
		for (const work of ready) work();
	}
}

describe('the outbox', () => {
	it('sends at once when nothing is being deployed', () => {
		const sent: number[] = [];
		const outbox = new Outbox<number>(new HandDeploys());
		outbox.open((message) => sent.push(message));
		outbox.put(1);
		outbox.put(2);
		assert.deepEqual(sent, [1, 2]);
	});

	it('keeps what is said while other nodes are being deployed, and its order', () => {
		const deploys = new HandDeploys();
		const sent: number[] = [];
		const outbox = new Outbox<number>(deploys);
		outbox.open((message) => sent.push(message));
		deploys.running = true;
		outbox.put(1);
		outbox.put(2);
		assert.deepEqual(sent, []);
		deploys.end();
		outbox.put(3);
		assert.deepEqual(sent, [1, 2, 3]);
	});

	it('gives what waits to the next instance when its own node is deployed meanwhile', () => {
		const deploys = new HandDeploys();
		const [old, next]: [number[], number[]] = [[], []];
		const send = (message: number): void => void old.push(message);
		const outbox = new Outbox<number>(deploys);
		outbox.open(send);
		deploys.running = true;
		outbox.put(1);
		outbox.close(send);
		outbox.put(2);
		deploys.afterStart(() => outbox.open((message) => void next.push(message)));
		deploys.end();
		outbox.put(3);
		assert.deepEqual([old, next], [[], [1, 2, 3]]);
	});

	it('forgets everything with its node', () => {
		const deploys = new HandDeploys();
		const sent: number[] = [];
		const outbox = new Outbox<number>(deploys);
		outbox.open((message) => sent.push(message));
		deploys.running = true;
		outbox.put(1);
		outbox.empty();
		deploys.end();
		assert.deepEqual(sent, []);
	});

	it('drops the oldest beyond a thousand', () => {
		const sent: number[] = [];
		const outbox = new Outbox<number>();
		for (let message = 0; message < 1005; message += 1) outbox.put(message);
		outbox.open((message) => sent.push(message));
		assert.equal(sent.length, 1000);
		assert.equal(sent[0], 5);
	});
});
