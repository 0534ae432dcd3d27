/** Whose word counts for the address of a sender: n8n's setting N8N_PROXY_HOPS, seen through a trigger with a list. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { openStage, sharedStage, type Stage } from './stage';
import { line, node, ours } from './workflows';

const ALLOWED = '203.0.113.7';

describe('an Exotel Trigger with a list of addresses', function () {
	this.timeout(180_000);

	/** A published trigger for one address; gives the status for a request with this `X-Forwarded-For`. */
	async function trigger(stage: Stage, list = ALLOWED): Promise<(forwardedFor: string | null) => Promise<number>> {
		const parameters = { events: ['terminal'], authentication: 'none', options: { allowedAddresses: list } };
		const listening = ours('Trigger', 'exotelTrigger', parameters);
		await stage.live(line('Listens behind a proxy', [listening, node('After', 'n8n-nodes-base.noOp', 1)]));
		return async (forwardedFor) => {
			const { status } = await stage.hit('POST', `/webhook/${listening.webhookId}/exotel`, {
				headers: {
					'content-type': 'application/json',
					...(forwardedFor === null ? {} : { 'x-forwarded-for': forwardedFor }),
				},
				body: JSON.stringify({ CallSid: randomUUID().replaceAll('-', ''), EventType: 'terminal' }),
			});
			return status;
		};
	}

	it('believes no header that names a sender unless n8n is told of a proxy', async () => {
		const from = await trigger(await sharedStage());
		assert.deepEqual([await from(null), await from(ALLOWED)], [403, 403]);
	});

	it('is not published when the expression in its list gives none', async () => {
		for (const list of ['={{ $vars.senders }}', '={{ undefined }}', "={{ '' }}"])
			await assert.rejects(trigger(await sharedStage(), list), /The expression gives no address/, list);
	});

	describe('behind one proxy', () => {
		let stage: Stage;
		before(async () => {
			stage = await openStage({ N8N_PROXY_HOPS: '1' });
		});
		after(async () => {
			await stage.close();
		});

		it('believes the address that its own proxy has added, and none that a sender has invented', async () => {
			const from = await trigger(stage);
			assert.equal(await from(ALLOWED), 200);
			assert.equal(await from(`198.51.100.9, ${ALLOWED}`), 200);
			assert.equal(await from(`${ALLOWED}, 198.51.100.9`), 403);
			assert.equal(await from(null), 403);
		});
	});
});
