/**
 * What the editor asks the runtime about an account. Every route needs the permission to change accounts – each may
 * name a server and an environment variable to send there –, none answers with a secret, and a saved secret is never
 * sent to a server other than the one it was saved for.
 */
import type { Request, Response } from 'express';
import { allExoPhones, publicUrlFault } from '../../exotel/index';
import { AccountConnection, type AccountNode, type AccountSecrets } from './account-connection';
import { text, type Config, type Red } from '../host';
import { Runtime } from '../runtime';
import { webhookBase, webhookPath, webhookUrl } from '../webhooks/address';
import { probeAddress, SELF_TEST_PATH } from '../webhooks/self-test';
import { examineAccount, type Finding } from './account-check';

/** What the editor shows instead of a saved password. */
const SAVED = '__PWRD__';
const SECRET_NAMES = ['apiKey', 'apiToken', 'webhookToken', 'previousWebhookToken'] as const;

/**
 * The form as the editor sends it, typed or saved secrets put in. `sendsSavedKeyElsewhere`: a saved key would go to a
 * server other than its own.
 */
interface Form {
	config: Config;
	secrets: AccountSecrets;
	sendsSavedKeyElsewhere: boolean;
}

function bodyOf(request: Request): Record<string, unknown> {
	const body: unknown = request.body;
	return typeof body === 'object' && body !== null ? { ...body } : {};
}

/** The secrets of the form, typed ones first, and whether a saved key is among them. */
function readSecrets(
	RED: Red,
	node: AccountNode | null,
	body: Record<string, unknown>,
): { secrets: AccountSecrets; usesSaved: boolean } {
	const secrets: AccountSecrets = {};
	let usesSaved = false;
	for (const name of SECRET_NAMES) {
		const typed = body[name];
		if (typeof typed === 'string' && typed !== SAVED) {
			secrets[name] = fromEnvironment(RED, node, typed.trim());
		} else {
			const saved = node?.credentials?.[name];
			if (saved !== undefined) secrets[name] = saved;
			if (saved !== undefined && (name === 'apiKey' || name === 'apiToken')) usesSaved = true;
		}
	}
	return { secrets, usesSaved };
}

function readForm(RED: Red, request: Request): Form {
	const body = bodyOf(request);
	const id = String(request.params['id'] ?? '');
	const node = RED.nodes.getNode(id) as AccountNode | null;
	const { secrets, usesSaved } = readSecrets(RED, node, body);
	const config = { ...body, id, type: 'exotel-account', name: '', z: '' } as Config;
	for (const [name, value] of Object.entries(config))
		if (typeof value === 'string') config[name] = fromEnvironment(RED, node, value);
	const elsewhere = text(config, 'region') === 'custom' && text(config, 'baseUrl') !== node?.connection?.server;
	return { config, secrets, sendsSavedKeyElsewhere: usesSaved && elsewhere };
}

/** `${NAME}` as a whole value is an environment variable, as in every property of Node-RED. */
function fromEnvironment(RED: Red, node: AccountNode | null, value: string): string {
	const [, name] = /^\$\{([^}]+)\}$/.exec(value) ?? [];
	if (name === undefined) return value;
	const found: unknown = RED.util.evaluateNodeProperty(name, 'env', node as AccountNode, {});
	return found === undefined || found === null ? '' : String(found);
}

/** Adds the admin routes, once per Node-RED. */
export function registerAccountRoutes(RED: Red): void {
	const route = (path: string, work: (request: Request) => Promise<object>): void => {
		RED.httpAdmin.post(
			path,
			RED.auth.needsPermission('exotel-account.write'),
			(request: Request, response: Response) => {
				work(request).then(
					(answer) => response.set('cache-control', 'no-store').json(answer),
					() => response.status(500).json({ findings: [{ about: 'test', good: false, key: 'fault' }] }),
				);
			},
		);
	};

	route('/exotel-account/:id/test', async (request) => {
		const { config, secrets, sendsSavedKeyElsewhere } = readForm(RED, request);
		const findings: Finding[] = [];
		if (sendsSavedKeyElsewhere) {
			findings.push({ about: 'apiKey', good: false, key: 'type-again' });
		} else {
			findings.push(...(await examineAccount(RED, config, secrets)));
		}
		findings.push(await examinePublicUrl(RED, config));
		return { findings };
	});

	route('/exotel-account/:id/exophones', async (request) => {
		const { config, secrets, sendsSavedKeyElsewhere } = readForm(RED, request);
		return { exoPhones: sendsSavedKeyElsewhere ? [] : await exoPhonesOf(RED, config, secrets) };
	});

	route('/exotel-account/:id/webhook-address', async (request) => {
		const { config, secrets } = readForm(RED, request);
		const path = webhookPath(text(config, 'path'));
		const fault = publicUrlFault(text(config, 'publicUrl'));
		if (path === null || fault === 'missing' || fault === 'unreadable')
			return Promise.resolve({ url: null, fault: path === null ? 'path' : fault });
		const url = webhookUrl(
			webhookBase(text(config, 'publicUrl'), RED.settings.httpNodeRoot),
			path,
			secrets.webhookToken ?? '',
		);
		if (config['probe'] !== true)
			return Promise.resolve({ url, fault, protected: (secrets.webhookToken ?? '') !== '' });
		return { url, fault, protected: (secrets.webhookToken ?? '') !== '', probe: await probeAddress(url) };
	});
}

/** ExoPhones offered in a form: nobody scrolls through more. */
const MAX_EXOPHONES = 500;

async function exoPhonesOf(
	RED: Red,
	config: Config,
	secrets: AccountSecrets,
): Promise<{ number: string; name: string }[]> {
	const connection = new AccountConnection(RED, config, secrets);
	try {
		const options = connection.sendOptions({ deadlineMs: 12_000, timeoutMs: 6000 });
		const found = await allExoPhones(connection.account, options, MAX_EXOPHONES);
		return found.map(({ number, friendlyName }) => ({ number, name: friendlyName ?? '' }));
	} finally {
		connection.close();
	}
}

/** Says whether Exotel can reach this Node-RED: as far as that can be told from inside. */
async function examinePublicUrl(RED: Red, config: Config): Promise<Finding> {
	const publicUrl = text(config, 'publicUrl');
	const fault = publicUrlFault(publicUrl);
	if (fault === 'missing' || fault === 'unreadable')
		return { about: 'publicUrl', good: false, key: `public-url.${fault}` };
	if (Runtime.of(RED).router === null) return { about: 'publicUrl', good: false, key: 'public-url.no-node-routes' };
	// The simulator on this machine reaches a private address; Exotel does not.
	const local = fault === 'private' && text(config, 'region') !== 'custom';
	if (local) return { about: 'publicUrl', good: false, key: 'public-url.private' };
	const base = webhookBase(publicUrl, RED.settings.httpNodeRoot);
	const probe = await probeAddress(`${base}${SELF_TEST_PATH}`);
	return {
		about: 'publicUrl',
		good: probe.reached,
		key: `public-url.${probe.reached ? 'reached' : 'unreachable'}`,
		detail: probe.detail,
	};
}
