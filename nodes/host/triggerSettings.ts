/**
 * The settings of the triggers that Exotel calls. What is wrong with them is said when the workflow is published: later
 * it would only show in the answers to Exotel, which nobody sees.
 */

import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import { inputError, parseSenderRules } from '../../exotel';
import { nodeFailure } from './failure';
import { readingAccount } from './readingRules';
import { allowedAddressesOf, senderOptions } from './webhookToken';

/** @throws NodeOperationError the first setting that cannot be used, by its name in the form */
export function checkTriggerSettings(functions: IHookFunctions): void {
	try {
		readingAccount(functions);
		const { violations } = parseSenderRules({ tokens: 'anyone', allowedAddresses: allowedAddressesOf(functions) });
		const [label] = senderOptions.map(({ displayName }) => displayName);
		const named = violations.map((one) => ({ ...one, message: `${label}: ${one.message}` }));
		if (named.length > 0) throw inputError(named);
	} catch (error) {
		throw nodeFailure(functions.getNode(), error);
	}
}

/** Reads one setting. */
export interface SettingReader {
	getNodeParameter(name: string, fallback?: unknown): ReturnType<IWebhookFunctions['getNodeParameter']>;
}

/**
 * Reads settings while a caller is on the line: one whose expression fails is as if it was not set, and the log says
 * so. n8n would answer with an error page, and the caller hear nothing.
 */
export function settingsWhileACallerWaits(functions: IWebhookFunctions): SettingReader {
	return {
		getNodeParameter(name, fallback = '') {
			try {
				return functions.getNodeParameter(name, fallback);
			} catch {
				functions.logger.warn(`Exotel: the setting "${name}" of an Exotel Applet Trigger cannot be read.`);
				return fallback as ReturnType<IWebhookFunctions['getNodeParameter']>;
			}
		},
	};
}
