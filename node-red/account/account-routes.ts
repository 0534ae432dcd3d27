/**
 * What the editor asks the runtime about an account. Every route needs the permission to change accounts – each may
 * name a server to send something to –, none answers with a secret, an environment variable is read only where a deploy
 * has put it, a saved key is never sent to a server other than the one it was saved for, and no other web page may ask.
 */
import type { Request, Response } from 'express';
import {
	allExoPhones,
	canReceiveCallbacks,
	defaultRegion,
	fault,
	isObject,
	isUsableToken,
	publicUrlFault,
	type Account,
	type CheckedAccount,
	type Finding,
} from '../../exotel/index';
import { AccountConnection, type AccountNode } from './account-connection';
import { text, ticked, type Config, type Red } from '../host';
import { Runtime } from '../runtime';
import {
	hiddenLoginOf,
	loginOf,
	repeatsFolder,
	webhookBase,
	webhookPath,
	webhookUrl,
	withLogin,
	type WebhookLogin,
} from '../webhooks/address';
import { webhookTokenOf } from '../webhooks/local-token';
import { probeAddress, type Probe } from '../webhooks/self-test';
import { accountOf, examineAccount, reachFinding } from './account-check';
import { textOf, type AccountSecrets } from './parse-account';
import { accountSecrets, accountSettings, isEnvironmentVariable, SAVED_PASSWORD } from '../account-form';

type SecretName = (typeof accountSecrets)[number];

/** The form as the editor sends it, typed or saved secrets put in. */
interface Form {
	/** As posted: nothing put in. */
	body: Readonly<Record<string, unknown>>;
	config: Config<'exotel-account'>;
	/** Null while the form cannot be read. */
	account: Account | null;
	secrets: AccountSecrets;
	/** A saved key would go to a server other than its own, or nobody knows where: it must not be used. */
	sendsSavedKeyElsewhere: boolean;
	/** What a test of the public URL logs in with; null without. */
	login: WebhookLogin | null;
	/** What is wrong with the login when the test of the public URL is answered with 401. */
	loginFault: 'login-missing' | 'login-refused' | 'login-again';
	/** Fields with an environment variable that no deploy has put there: it is not read. */
	undeployed: readonly string[];
}

/** What a deploy has saved for an account: as written, and with environment variables put in. */
interface Deployed {
	node: AccountNode | null;
	settings: Record<string, unknown>;
	secrets: Record<string, unknown>;
}

/** Not copied: a body of 100,000 keys takes long. */
function bodyOf(request: Request): Readonly<Record<string, unknown>> {
	const body: unknown = request.body;
	return isObject(body) ? body : {};
}

function deployedAccount(RED: Red, id: string): Deployed {
	const found = RED.nodes.getNode(id) as AccountNode | null;
	// The secrets of other types of nodes are none of ours.
	if (found?.type !== 'exotel-account') return { node: null, settings: {}, secrets: {} };
	let settings = {};
	RED.nodes.eachNode((saved) => {
		if (saved.id === id) settings = saved;
	});
	return { node: found, settings, secrets: { ...RED.nodes.getCredentials(id) } };
}

/** The secrets of the form, typed ones first, and which of them are saved ones. */
function readSecrets(
	{ node, secrets: written }: Deployed,
	body: Readonly<Record<string, unknown>>,
): { secrets: AccountSecrets; saved: SecretName[] } {
	const secrets: AccountSecrets = {};
	const saved: SecretName[] = [];
	for (const name of accountSecrets) {
		const typed = body[name];
		const isSaved =
			typeof typed !== 'string' ||
			typed === SAVED_PASSWORD ||
			(isEnvironmentVariable(typed) && typed === written[name]);
		const secret = isSaved ? textOf(node?.credentials[name]) : typed.trim();
		if (secret === undefined) continue;
		secrets[name] = secret;
		if (isSaved) saved.push(name);
	}
	return { secrets, saved };
}

function readForm(RED: Red, request: Request): Form {
	const body = bodyOf(request);
	const id = String(request.params['id'] ?? '');
	const deployed = deployedAccount(RED, id);
	const { secrets, saved } = readSecrets(deployed, body);
	const config: Config<'exotel-account'> = { id, type: 'exotel-account', name: '', z: '' };
	for (const name of accountSettings) {
		const value = body[name];
		const isDeployed = isEnvironmentVariable(value) && value === deployed.settings[name];
		config[name] = isDeployed ? deployed.node?.connection?.setting(name) : value;
	}
	const account = accountOf(config);
	const staysThere = account !== null && deployed.node?.connection?.hasServersOf(account) === true;
	const usesSavedKey = saved.includes('apiKey') || saved.includes('apiToken');
	const sendsSavedKeyElsewhere = usesSavedKey && !staysThere;
	const undeployed = [...accountSettings, ...accountSecrets].filter((name) => {
		const written = name in deployed.settings ? deployed.settings[name] : deployed.secrets[name];
		return isEnvironmentVariable(body[name]) && body[name] !== written;
	});
	const form = { body, config, account, secrets, sendsSavedKeyElsewhere, undeployed };
	return { ...form, ...probeLogin(secrets, saved, isDeployedUrl(deployed.node, text(config, 'publicUrl'))) };
}

/** The login for a test of the public URL. That may be anybody's: a saved one goes to the deployed URL only. */
function probeLogin(
	secrets: AccountSecrets,
	saved: readonly SecretName[],
	isDeployed: boolean,
): Pick<Form, 'login' | 'loginFault'> {
	const login = loginOf(secrets);
	if (login === null) return { login, loginFault: 'login-missing' };
	const usesSaved = saved.includes('webhookUser') || saved.includes('webhookPassword');
	return usesSaved && !isDeployed
		? { login: null, loginFault: 'login-again' }
		: { login, loginFault: 'login-refused' };
}

/** True for the public URL this account was deployed with, whatever the path in it. */
function isDeployedUrl(node: AccountNode | null, publicUrl: string): boolean {
	const deployed = node?.connection?.publicUrl ?? '';
	if (!URL.canParse(deployed) || !URL.canParse(publicUrl)) return false;
	return new URL(deployed).origin === new URL(publicUrl).origin;
}

/**
 * True for a request of the editor's own page or of a program. A page on the internet can post a form to an editor
 * without password; it cannot send JSON there, and browsers say where a request comes from.
 */
function comesFromEditor({ headers }: Request): boolean {
	const { 'content-type': type = '', 'sec-fetch-site': site, origin, host } = headers;
	if (!/^application\/json\s*(?:;|$)/i.test(type)) return false;
	if (site !== undefined) return site === 'same-origin';
	return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}

/** Adds the admin routes, once per Node-RED. */
export function registerAccountRoutes(RED: Red): void {
	const route = (path: string, work: (request: Request) => Promise<object>): void => {
		RED.httpAdmin.post(
			path,
			RED.auth.needsPermission('exotel-account.write'),
			(request: Request, response: Response) => {
				const failed = { findings: [{ about: 'test', level: 'fault', key: 'fault' }], report: '' };
				if (!comesFromEditor(request)) return void response.status(403).json(failed);
				work(request).then(
					(answer) => response.set('cache-control', 'no-store').json(answer),
					() => response.status(500).json(failed),
				);
			},
		);
	};

	route('/exotel-account/:id/test', async (request) => {
		const form = readForm(RED, request);
		const { config, secrets, undeployed } = form;
		if (undeployed.length > 0) {
			const refused = undeployed.map((about) => fault(about, 'undeployed'));
			return await examineAccount(RED, config, secrets, { refused });
		}
		return await examineAccount(RED, config, secrets, {
			...(form.account !== null && form.sendsSavedKeyElsewhere && { refused: [fault('apiKey', 'type-again')] }),
			...callbackSettings(RED, form),
		});
	});

	route('/exotel-account/:id/exophones', async (request) => {
		const { config, secrets, sendsSavedKeyElsewhere, undeployed } = readForm(RED, request);
		const isRefused = sendsSavedKeyElsewhere || undeployed.length > 0;
		// The form offers what there is; what is wrong with the account is said by its test.
		return { exoPhones: isRefused ? [] : await exoPhonesOf(RED, config, secrets).catch(() => []) };
	});

	route('/exotel-account/:id/webhook-address', (request) => addressOf(RED, readForm(RED, request)));

	route('/exotel-account/:id/revoke', (request) => {
		const id = String(request.params['id']);
		const { secrets, saved } = readSecrets(deployedAccount(RED, id), bodyOf(request));
		const successor = saved.includes('webhookToken') ? '' : (secrets.webhookToken ?? '');
		return Promise.resolve({ did: Runtime.of(RED).replacedTokens.revoke(id, successor) });
	});
}

/** The address of a path as the editor shows it: with the login hidden. */
async function addressOf(RED: Red, form: Form): Promise<object> {
	const { body, config, account, secrets, undeployed } = form;
	const path = webhookPath(text(body, 'path'));
	if (path === null) return { url: null, fault: 'path' };
	if (undeployed.length > 0) return { url: null, fault: 'undeployed' };
	const publicUrl = text(config, 'publicUrl');
	const fault = publicUrlFault(publicUrl);
	if (fault === 'missing' || fault === 'unreadable') return { url: null, fault };
	if (repeatsFolder(publicUrl, RED.settings.httpNodeRoot)) return { url: null, fault: 'repeated' };
	const base = webhookBase(publicUrl, RED.settings.httpNodeRoot);
	const isOpen = ticked(config, 'anyoneMayCall');
	const webhookToken = isOpen ? '' : webhookTokenOf(RED, account, secrets.webhookToken);
	if (!isOpen && !isUsableToken(webhookToken)) return { url: null, fault: 'no-token' };
	const hidden = hiddenLoginOf(secrets);
	const url = withLogin(webhookUrl(base, path, webhookToken), hidden);
	const answer = { url, fault, protected: !isOpen, hasLogin: hidden !== null };
	const isWorthATest = body['probe'] === true && canReceiveCallbacks(publicUrl, account?.region ?? defaultRegion);
	return isWorthATest ? { ...answer, probe: await probe(form, base) } : answer;
}

/** Tests an address; an answer of 401 tells what is wrong with the login. */
async function probe({ login, loginFault }: Form, base: string): Promise<Probe> {
	const found = await probeAddress(base, login);
	return found.detail === '401' ? { ...found, detail: loginFault } : found;
}

/** ExoPhones offered in a form: nobody scrolls through more. */
const MAX_EXOPHONES = 500;

async function exoPhonesOf(
	RED: Red,
	config: Config<'exotel-account'>,
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

/** What the check is told about how Exotel reaches this Node-RED. */
function callbackSettings(RED: Red, form: Form): Pick<CheckedAccount, 'address' | 'webhookToken'> {
	const { config, account, secrets } = form;
	const url = text(config, 'publicUrl');
	const root = RED.settings.httpNodeRoot;
	const reach = async (): Promise<Finding> =>
		repeatsFolder(url, root)
			? fault('publicUrl', 'public-url.repeated', { help: 'no-callbacks' })
			: await reachFinding(RED, () => probe(form, webhookBase(url, root)));
	const isOpen = ticked(config, 'anyoneMayCall');
	const token = isOpen ? {} : { webhookToken: webhookTokenOf(RED, account, secrets.webhookToken) };
	return { address: { url, reach }, ...token };
}
