/**
 * The settings of the triggers that Exotel calls. What is wrong with them is said when the workflow is published: later
 * it would only show in the answers to Exotel, which nobody sees.
 */

import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import { inputError, parseSenderRules } from '../../exotel';
import type { Violation } from '../../exotel';
import type { TriggerFunctions } from './appletFallback';
import { nodeFailure } from './failure';
import { readingAccount } from './readingRules';
import { allowedAddressesOf, senderOptions } from './webhookToken';

/**
 * A trigger's webhook methods. Nothing is registered at Exotel; but n8n calls `create` before it publishes, and what
 * that throws keeps it from publishing. `more`: checks of the trigger's own.
 */
export function checksWhenPublished(more: (functions: IHookFunctions) => Violation[] = () => []) {
	return {
		default: {
			/** n8n calls `create` only when this gives false. */
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return false;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				checkTriggerSettings(this, () => more(this));
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return true;
			},
		},
	};
}

/**
 * Says which setting cannot be used, by its name in the form. A workflow that was published before is not kept from
 * starting with n8n: then only the log says so.
 * @throws NodeOperationError
 */
function checkTriggerSettings(functions: IHookFunctions, more: () => Violation[]): void {
	try {
		readingAccount(functions);
		const violations = listViolations(allowedAddressesOf(functions));
		const [label] = senderOptions.map(({ displayName }) => displayName);
		const found = [...violations.map((one) => ({ ...one, message: `${label}: ${one.message}` })), ...more()];
		if (found.length > 0) throw inputError(found);
	} catch (error) {
		const failure = nodeFailure(functions.getNode(), error);
		const mode = functions.getActivationMode();
		if (mode !== 'init' && mode !== 'leadershipChange') throw failure;
		functions.logger.warn(`Exotel: a trigger has a setting that cannot be used: ${failure.message}`);
	}
}

/** What is wrong with a list of addresses; it is its expression itself when that gives nothing. */
function listViolations(allowedAddresses: string): Violation[] {
	if (!allowedAddresses.startsWith('=')) return parseSenderRules({ tokens: 'anyone', allowedAddresses }).violations;
	const message = 'The expression gives no address, so nobody would get in.';
	return [{ field: 'allowedAddresses', rule: 'required', message }];
}

/**
 * Reads settings while a caller is on the line: one whose expression fails is as if it was not set, and the log says
 * so. n8n would answer with an error page, and the caller hear nothing.
 */
export function settingsWhileACallerWaits(functions: IWebhookFunctions): TriggerFunctions {
	return {
		getNodeParameter(name, fallback = '') {
			try {
				return functions.getNodeParameter(name, fallback);
			} catch {
				functions.logger.warn(`Exotel: the setting "${name}" of an Exotel Applet Trigger cannot be read.`);
				return fallback as ReturnType<TriggerFunctions['getNodeParameter']>;
			}
		},
	};
}
