/** What the editor's forms and the admin routes tell each other about an account. */

/** The settings that a route may be asked with. */
export const accountSettings = [
	...(['region', 'baseUrl', 'sid', 'timeZone', 'defaultCountry', 'publicUrl', 'requestsPerMinute'] as const),
	'anyoneMayCall',
] as const;

/** The credentials. */
export const accountSecrets = [
	...(['apiKey', 'apiToken', 'webhookToken', 'previousWebhookToken'] as const),
	...(['webhookUser', 'webhookPassword'] as const),
] as const;

/**
 * True for `${NAME}` and `$(NAME)`, which Node-RED replaces by an environment variable in every property when flows are
 * deployed.
 */
export function isEnvironmentVariable(value: unknown): boolean {
	return typeof value === 'string' && /^\$(?:\{\S+\}|\(\S+\))$/.test(value.trim());
}

/** Stands for a saved password, which the editor never sees. */
export const SAVED_PASSWORD = '__PWRD__';
