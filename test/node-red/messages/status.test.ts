/** The line under a node: what it shows ends with the node. */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { RedNode } from '../../../node-red/host';
import { statusLine } from '../../../node-red/messages/status';
import { NodeScope } from '../../../node-red/node-scope';
import { reservePort, startNodeRed, type FlowNode, type RunningNodeRed } from '../running-node-red';

describe('the status of a node', () => {
	/** A status line, what it has shown, and the closing of its node. */
	function line() {
		const shown: object[] = [];
		const node = Object.assign(new EventEmitter(), {
			type: 'exotel-call-events',
			id: 'n1',
			status: (status: object) => shown.push(status),
		});
		const scope = new NodeScope({} as NodeScope['RED'], node as unknown as RedNode);
		const close = (): unknown => node.emit('close', false, () => undefined);
		return { shown, status: statusLine(scope), close };
	}
	const listening = { fill: 'grey', shape: 'ring', text: 'exotel-call-events.status.listening' };

	it('is cleared when the node closes, and nothing comes after that', () => {
		const { shown, status, close } = line();
		status.show('idle', 'listening');
		close();
		status.show('good', 'answered');
		status.fail('network');
		status.clear();
		assert.deepEqual(shown, [listening, {}]);
	});

	it('is left alone by the closing of a node that shows nothing', () => {
		const { shown, status, close } = line();
		status.clear();
		close();
		assert.deepEqual(shown, []);
		const cleared = line();
		cleared.status.show('idle', 'listening');
		cleared.status.clear();
		cleared.close();
		assert.deepEqual(cleared.shown, [listening, {}]);
	});

	describe('in the editor', () => {
		let nodeRed: RunningNodeRed;
		/** The last status of each node that open editors were sent. */
		const seen = new Map<string, string>();
		const note = ({ id, status }: { id: string; status?: { text?: string } }): void => {
			// One without a status is for editors that open later.
			if (status !== undefined) seen.set(id, status.text ?? '');
		};
		const tab: FlowNode = { id: 'tab', type: 'tab' };
		const account: FlowNode = { id: 'account', type: 'exotel-account', region: 'mumbai', sid: 'acme1' };
		const listener = (type: string): FlowNode => ({
			id: `the-${type}`,
			z: 'tab',
			type,
			account: 'account',
			path: type,
		});
		const flow = [tab, account, listener('exotel-call-events'), listener('exotel-applet')];
		const credentials = { account: { apiKey: 'k', apiToken: 't', webhookToken: 'present-webhook-token' } };

		beforeEach(async () => {
			nodeRed = await startNodeRed(await reservePort(), flow, { credentials });
			nodeRed.RED.events.on('node-status', note);
			await nodeRed.deploy(flow, 'full', credentials);
			assert.match(seen.get('the-exotel-call-events') ?? '', /listening$/);
			assert.match(seen.get('the-exotel-applet') ?? '', /listening$/);
		});
		afterEach(async () => {
			nodeRed.RED.events.removeListener('node-status', note);
			await nodeRed.stop();
			seen.clear();
		});

		for (const [what, changed] of [
			['is disabled', flow.map((node) => (node.id === 'the-exotel-applet' ? { ...node, d: true } : node))],
			['is deleted', flow.filter(({ id }) => id !== 'the-exotel-applet')],
		] as const)
			it(`of a node that ${what} is empty; another keeps listening`, async () => {
				await nodeRed.deploy(changed, 'full', credentials);
				assert.equal(seen.get('the-exotel-applet'), '');
				assert.match(seen.get('the-exotel-call-events') ?? '', /listening$/);
			});

		it('of the nodes of a disabled tab is empty, until the tab is enabled', async () => {
			await nodeRed.deploy([{ ...tab, disabled: true }, ...flow.slice(1)], 'full', credentials);
			assert.deepEqual([seen.get('the-exotel-call-events'), seen.get('the-exotel-applet')], ['', '']);
			await nodeRed.deploy(flow, 'full', credentials);
			assert.match(seen.get('the-exotel-call-events') ?? '', /listening$/);
		});
	});
});
