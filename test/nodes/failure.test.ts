/**
 * The core's errors as n8n shows them: our words, a remedy, the item, and a declared cause where Exotel's answer proves
 * one.
 */
import assert from 'node:assert/strict';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { ExotelError, helpAddress, inputError } from '../../exotel';
import { helpByKind } from '../../exotel/errors';
import { failedItem, nodeFailure, workflowFailure } from '../../nodes/host/failure';
import { node } from './hosted';

describe('errors in n8n', () => {
	it('keep our message and hint, also where n8n has a sentence of its own for a network code', () => {
		const error = new ExotelError('unknown-outcome', 'It is not known whether the call was placed (ECONNRESET).', {
			hint: 'Look first.',
			code: 'ECONNRESET',
			attemptId: 'a1',
		});
		const failure = nodeFailure(node, error, 3);
		assert.ok(failure instanceof NodeApiError);
		assert.deepEqual(
			[failure.message, failure.description, failure.context['itemIndex']],
			[error.message, `Look first. More: ${error.help}`, 3],
		);
		assert.match(error.help, /^https:\/\/.*\/docs\/troubleshooting\.md#unknown$/);
	});

	it('name the node without its fields, which hold phone numbers and which n8n logs', () => {
		const parameters = { resource: 'call', operation: 'connectNumbers', from: '+919812345678', options: {} };
		for (const error of [inputError([{ field: 'to', rule: 'phone', message: 'First.' }]), new Error('Other.')]) {
			const failure = nodeFailure({ ...node, parameters }, error);
			assert.deepEqual(failure.node, {
				...node,
				parameters: { resource: 'call', operation: 'connectNumbers' },
			});
			assert.ok(!JSON.stringify(failure).includes('9812345678'));
		}
	});

	it('declare what the answer proves, and nothing else', () => {
		const cause = (error: ExotelError) => nodeFailure(node, error).failure;
		assert.deepEqual(cause(new ExotelError('rate-limit', 'm', { httpStatus: 429, retryAfterMs: 3_000 })), {
			cause: 'rate-limited',
			retryAfterMs: 3_000,
		});
		assert.deepEqual(cause(new ExotelError('auth', 'm', { httpStatus: 401 })), { cause: 'credential-invalid' });
		assert.deepEqual(cause(new ExotelError('exotel', 'm', { httpStatus: 503 })), {
			cause: 'temporarily-unavailable',
		});
		assert.equal(cause(new ExotelError('unknown-outcome', 'm', { httpStatus: 503 })), undefined);
		assert.equal(cause(new ExotelError('not-found', 'm', { httpStatus: 404 })), undefined);
	});

	it('list every broken rule of an input', () => {
		const error = inputError(
			[
				{ field: 'to', rule: 'phone', message: 'First.' },
				{ field: 'from', rule: 'required', message: 'Second.' },
			],
			'Hint.',
		);
		const failure = nodeFailure(node, error);
		assert.ok(failure instanceof NodeOperationError);
		assert.deepEqual([failure.message, failure.description], ['First.', `Second. Hint. More: ${error.help}`]);
	});

	it('end each broken rule with a full stop, so that the next sentence does not run into an example', () => {
		const error = inputError([
			{ field: 'from', rule: 'phone', message: 'First.' },
			{ field: 'to', rule: 'required', message: 'To is missing. Example: +918012345678' },
			{ field: 'exoPhone', rule: 'required', message: 'ExoPhone is missing. Example: +918047112233' },
		]);
		const expected =
			'To is missing. Example: +918012345678. ExoPhone is missing. Example: +918047112233. ' +
			'Correct the named field and try again.';
		assert.equal(nodeFailure(node, error).description, `${expected} More: ${error.help}`);
		assert.equal((failedItem(node, error, 0).json['details'] as { hint: string }).hint, expected);
	});

	it('carry the address of their entry, all of them, in a failed item and at the end of the description', () => {
		for (const kind of Object.keys(helpByKind) as (keyof typeof helpByKind)[]) {
			const violation = { field: 'to', rule: 'phone', message: 'Wrong.' } as const;
			const error =
				kind === 'input' ? inputError([violation], 'Hint.') : new ExotelError(kind, 'm', { hint: 'Hint.' });
			const { details } = failedItem(node, error, 0).json as { details: { help: string } };
			assert.equal(details.help, error.help);
			assert.match(error.help, /\/docs\/troubleshooting\.md#\w/);
			const { description } = nodeFailure(node, error);
			assert.equal(description, `Hint. More: ${error.help}`);
		}
	});

	it('carry the address of the entry about workflows when they are about how the workflow is built', () => {
		const failure = workflowFailure(node, 'No trigger.', { description: 'Add one.' });
		const help = helpAddress('workflow');
		assert.equal(failure.description, `Add one. More: ${help}`);
		const { details } = failedItem(node, failure, 0).json;
		assert.equal((details as { help: string }).help, help);
	});

	it('carry no address when n8n itself made them', () => {
		const { details } = failedItem(node, new NodeOperationError(node, 'own'), 0).json;
		assert.equal((details as { help: null }).help, null);
	});

	it("leave n8n's own errors alone and wrap anything else", () => {
		const own = new NodeOperationError(node, 'own');
		assert.equal(nodeFailure(node, own), own);
		assert.match(nodeFailure(node, new TypeError('odd')).message, /odd/);
	});

	it('become items that n8n recognises as failed, with the kind to branch on', () => {
		const { json, pairedItem } = failedItem(
			node,
			new ExotelError('forbidden', 'Not KYC compliant.', { httpStatus: 403 }),
			2,
		);
		assert.deepEqual(Object.keys(json), ['error', 'details']);
		assert.deepEqual(
			[json['error'], (json['details'] as { kind: string }).kind, pairedItem],
			['Not KYC compliant.', 'forbidden', { item: 2 }],
		);
	});
});
