/**
 * What the documents say of a call reaches a flow: on a real Node-RED against the double that is written from the
 * documents alone.
 */
import assert from 'node:assert/strict';
import { startDouble, type Double } from '../../double';
import { account, button, catcher, tab, tap } from './flows';
import { openStage, press, SECRETS, SID, type NodeRed, type Stage } from './stage';

const EXO_PHONE = '+918047115777';
const CUSTOMER = '+919812345678';
const V2_CALL = 'd'.repeat(30) + '1b';

describe('what is documented of a call, in Node-RED against the double of Exotel', function () {
	this.timeout(120_000);
	let stage: Stage;
	let nodeRed: NodeRed;
	let exotel: Double;

	before(async () => {
		stage = await openStage();
		nodeRed = await stage.start();
		exotel = await startDouble({ sid: SID, key: SECRETS.apiKey, token: SECRETS.apiToken, exoPhones: [EXO_PHONE] });
		const inbound = {
			from: CUSTOMER,
			to: EXO_PHONE,
			exoPhone: EXO_PHONE,
			kind: 'inbound',
			direction: 'inbound',
		} as const;
		exotel.addCall(
			{ ...inbound, sid: 'missed', ended: true },
			{
				legs: [{ status: 'completed' }, { status: 'no-answer' }],
				terminal: { status: 'completed', conversation: 0 },
			},
		);
		exotel.addCall({ ...inbound, sid: 'answered', ended: true });
		exotel.addCall(
			{
				from: CUSTOMER,
				to: '+918012345678',
				exoPhone: EXO_PHONE,
				sid: V2_CALL,
				api: 'v2',
				kind: 'two-numbers',
				record: true,
				ended: true,
			},
			{ terminal: { recordings: 2 } },
		);
		const node = (id: string, type: string, more: object) => ({
			id,
			type,
			z: 'tab',
			account: 'account',
			x: 300,
			y: 100,
			wires: [[`tap-${id}`]],
			...more,
		});
		const listing = { range: 'today', output: 'page', pace: 'free' };
		await stage.deploy(nodeRed, [
			tab(),
			account(exotel.origin, nodeRed.url),
			button('go-list', 'list'),
			node('list', 'exotel-list-calls', listing),
			button('go-short', 'short'),
			node('short', 'exotel-list-calls', { ...listing, details: 'false', detailsType: 'bool' }),
			button('go-get', 'get'),
			node('get', 'exotel-get-call', { api: 'v2', sid: V2_CALL, sidType: 'str' }),
			...['list', 'short', 'get'].flatMap((at) => tap(`tap-${at}`, at, stage.sink.url)),
			...catcher(stage.sink.url),
		]);
	});
	after(async () => {
		await exotel?.close();
		await stage?.close();
	});

	async function outcomes(id: string): Promise<unknown[]> {
		await press(nodeRed, `go-${id}`);
		const { payload } = await stage.sink.next(id);
		return (payload as { sid: string; outcome: string; unansweredBy: string; reason: string }[])
			.filter(({ sid }) => sid !== V2_CALL)
			.map(({ sid, outcome, unansweredBy, reason }) => [sid, outcome, unansweredBy, reason])
			.sort();
	}

	it('tells a missed incoming call from an answered one, without anything to be ticked', async () => {
		assert.deepEqual(await outcomes('list'), [
			['answered', 'answered', null, null],
			['missed', 'no-answer', 'to', null],
		]);
	});

	it('says that it does not know where the legs are left out', async () => {
		assert.deepEqual(await outcomes('short'), [
			['answered', 'unknown', null, 'not-stated'],
			['missed', 'unknown', null, 'not-stated'],
		]);
	});

	it("has every recording of an agent's call, and Exotel's ID of the request", async () => {
		await press(nodeRed, 'go-get');
		const { payload } = await stage.sink.next('get');
		assert.equal(payload.recordingUrls.length, 2);
		assert.equal(payload.recordingUrl, payload.recordingUrls[0]);
		assert.match(payload.requestId, /^\w+$/);
		assert.equal(payload.directionWord, 'outbound');
	});
});
