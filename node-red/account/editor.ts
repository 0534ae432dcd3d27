/**
 * The form of the account: its validators are the core's rules;
 * its buttons test the account, make a token and revoke old ones.
 */
import {
	defaultRegion,
	ExotelError,
	isUsableToken,
	parseAddressList,
	publicUrlFault,
	readAccount,
	readAccountKey,
	type Account,
	type Violation,
} from '../../exotel/index';
import { postToAccount } from '../editor/accounts';
import { defineForm, type Validity } from '../editor/form';
import { localTime } from '../editor/local-time';
import { plain, type NodeView } from '../editor/node-view';
import { mayBeSaved } from '../editor/saved-secrets';
import { ruleText, shared } from '../editor/texts';
import { checkNumber } from '../editor/validation';
import { ranges } from '../ranges';
import { isUsableUser, repeatsFolder } from '../webhooks/address';
import { accountSecrets, isEnvironmentVariable, SAVED_PASSWORD } from '../account-form';

/** The properties that the core reads as an account. */
const ACCOUNT = ['region', 'baseUrl', 'sid', 'timeZone', 'defaultCountry'] as const;
/** What the test of an account is sent. */
const TESTED = [
	...ACCOUNT,
	'publicUrl',
	'requestsPerMinute',
	'apiKey',
	'apiToken',
	'webhookToken',
	'webhookUser',
	'webhookPassword',
] as const;

const ADDRESSES = '203.0.113.7, 203.0.113.0/24';

/** Values that are right, for the texts of the editor's other languages. */
const EXAMPLES: Readonly<Record<string, string>> = {
	baseUrl: 'http://127.0.0.1:4010',
	sid: 'acme1',
	timeZone: 'Asia/Kolkata',
	defaultCountry: 'IN',
	allowedAddresses: ADDRESSES,
	trustedProxies: ADDRESSES,
};

/** Rules of the core that are told as another one. */
const RULES: Readonly<Record<string, string>> = { 'time-zone': 'pattern', country: 'pattern' };

/** Reads the account with one value changed; what is wrong with that value. */
function accountCheck(property: (typeof ACCOUNT)[number]) {
	return (view: NodeView, value: unknown): Validity => {
		const values = ACCOUNT.map((name) => [name, name === property ? value : view.value(name)]);
		const broken = violationOf(() => readAccount(Object.fromEntries(values)), property);
		const label = view.word(`label.${property}`);
		return (
			broken === null ||
			ruleText(RULES[broken.rule] ?? broken.rule, broken.message, { label, example: EXAMPLES[property] })
		);
	};
}

/** The fields of the core by the credential that holds them. */
const SECRETS: Readonly<Record<string, 'key' | 'token'>> = { apiKey: 'key', apiToken: 'token' };

function accountOf(view: NodeView): Account | null {
	try {
		return readAccount(Object.fromEntries(ACCOUNT.map((name) => [name, view.value(name)])));
	} catch {
		return null;
	}
}

/** What is wrong with API key or API token. */
function checkKey(view: NodeView, name: string, key: Record<string, unknown>): Validity {
	const broken = violationOf(() => readAccountKey(accountOf(view), key), SECRETS[name] ?? name);
	if (broken === null) return true;
	const rule = broken.rule === 'required' ? 'required' : 'secret';
	return ruleText(rule, broken.message, { label: view.word(`label.${name}`) });
}

/** What is wrong with a credential. */
function checkSecret(view: NodeView, name: string): Validity {
	const typed = view.isOpen ? view.value(name) : view.node.credentials?.[name];
	// A saved credential is not seen here.
	const value = typed ?? (view.isOpen || mayBeSaved(view.node, name) ? undefined : '');
	if (value === undefined || isEnvironmentVariable(value)) return true;
	const field = SECRETS[name];
	if (field !== undefined) return checkKey(view, name, { [field]: value });
	if (name === 'webhookUser' && !isUsableUser(plain(value)))
		return shared('form.user-colon', 'Webhook user: no colon can be in it');
	// Else webhook user and password follow the rules of whoever asks for them.
	return !name.endsWith('ebhookToken') || ['', SAVED_PASSWORD].includes(plain(value)) || isUsableToken(plain(value))
		? true
		: shared('form.token-short', '__label__: at least 16 characters', { label: view.word(`label.${name}`) });
}

/** What an input error of the core says about one property. */
function violationOf(read: () => unknown, property: string): Violation | null {
	try {
		read();
		return null;
	} catch (error) {
		if (!(error instanceof ExotelError)) throw error;
		return error.violations.find(({ field }) => field === property) ?? null;
	}
}

/** The check of a list of addresses; every entry that is none is named. */
function addressCheck(property: string) {
	return (view: NodeView, value: unknown): Validity => {
		const { violations } = parseAddressList(plain(value), property);
		const label = view.word(`label.${property}`);
		const reasons = violations.map(({ rule, message, entry }) =>
			ruleText(rule, `${label}: ${message}`, { label, entry, example: EXAMPLES[property] }),
		);
		return reasons.length === 0 || reasons;
	};
}

/** A random token: 192 bits, in letters and digits that survive every copy and paste. */
function newToken(): string {
	const bytes = window.crypto.getRandomValues(new Uint8Array(24));
	return btoa(String.fromCharCode(...bytes))
		.replace(/\+/g, '-')
		.replace(/\//g, '_');
}

/** The runtime's answer to the test of an account. */
interface Tested {
	findings: { level: keyof typeof LOOKS; key: string; detail?: string; message?: string; help?: string }[];
	report: string;
}

/** Icon and colour of a finding. */
const LOOKS = {
	good: ['fa-check', 'var(--red-ui-text-color-success, var(--red-ui-primary-text-color))'],
	note: ['fa-info-circle', 'var(--red-ui-primary-text-color)'],
	fault: ['fa-times', 'var(--red-ui-text-color-error)'],
} as const;

function showFindings(view: NodeView, list: JQuery, { findings, report }: Tested): void {
	list.empty();
	for (const { level, key, detail = '', message = '', help } of findings) {
		const [icon, colour] = LOOKS[level];
		const item = $('<li style="margin: 2px 0;"></li>').css('color', colour);
		const shown = key === 'callback.seen' ? localTime(detail, view.text('timeZone')) : detail;
		const sentence = `${shared(`finding.${key}`, '', { detail: shown })} ${message} `;
		item.append(
			$('<i class="fa" aria-hidden="true" style="width: 18px;"></i>').addClass(icon),
			$('<span></span>').text(sentence),
		);
		if (help !== undefined)
			item.append(
				$('<a target="_blank" rel="noopener" style="text-decoration: underline;"></a>')
					.attr('href', help)
					.text(shared('form.more', 'More')),
			);
		list.append(item);
	}
	const text = $('#exotel-account-report').val(report);
	text.parent().toggle(report !== '');
}

function prepareToken(view: NodeView): void {
	const token = view.input('webhookToken');
	const { credentials } = view.node;
	const hasToken = credentials?.has_webhookToken === true || plain(credentials?.webhookToken) !== '';
	// A new account and one that was imported get their token at once: without one nobody is let in.
	if (!hasToken) token.val(newToken());
	$('#exotel-account-new-token').on('click', () => {
		token.val(newToken());
		RED.notify(
			shared('form.new-token', 'New token set. Webhook addresses change with the next deploy.'),
			'warning',
		);
	});
}

/** Asks first: callers under way feel it. */
function prepareRevoking(view: NodeView): void {
	const previous = view.input('previousWebhookToken');
	const revoke = (): void => {
		const webhookToken = view.input('webhookToken').val();
		postToAccount<{ did: string }>(view.node.id, 'revoke', { webhookToken }).then(
			({ did }) => {
				previous.val('');
				RED.notify(shared(`form.revoked.${did}`, did), did === 'none' ? 'warning' : 'success');
			},
			() => RED.notify(shared('form.revoked.failed', 'The old tokens could not be revoked.'), 'error'),
		);
	};
	$('#exotel-account-revoke').on('click', () => {
		const question = RED.notify(shared('form.revoke', 'Revoke old tokens?'), {
			type: 'warning',
			modal: true,
			fixed: true,
			buttons: [
				{ text: view.word('label.keep'), click: () => question.close() },
				{
					text: view.word('label.revoke'),
					class: 'primary',
					click: () => {
						question.close();
						revoke();
					},
				},
			],
		});
	});
}

function prepareTest(view: NodeView): void {
	const list = $('#exotel-account-findings');
	const button = $('#exotel-account-test');
	// What was found belongs to the values that were tested.
	let changes = 0;
	list.closest('form').on('change input', () => {
		changes += 1;
		list.empty();
		$('#exotel-account-report').parent().hide();
	});
	button.on('click', () => {
		const tested = changes;
		const show = (answer: Tested) => {
			if (tested === changes) showFindings(view, list, answer);
		};
		button.prop('disabled', true);
		list.empty().append($('<li></li>').text(shared('form.testing', 'Testing …')));
		const values: [string, unknown][] = TESTED.map((name) => [name, view.input(name).val()]);
		values.push(['anyoneMayCall', view.value('anyoneMayCall')]);
		postToAccount<Tested>(view.node.id, 'test', Object.fromEntries(values))
			.then(show, () => show({ findings: [{ level: 'fault', key: 'fault' }], report: '' }))
			.always(() => button.prop('disabled', false));
	});
	const copy = $('#exotel-account-copy-report');
	copy.on('click', () => {
		const report = plain($('#exotel-account-report').val());
		RED.clipboard.copyText(report, copy, shared('form.copied', 'copied'));
	});
}

function showServer(view: NodeView): void {
	$('#exotel-account-base-url').toggle(view.text('region') === 'custom');
}

export default defineForm({
	type: 'exotel-account',
	config: true,
	credentials: accountSecrets,
	checkSecret,
	sources: {},
	own: {
		region: { value: defaultRegion, required: true },
		baseUrl: { value: '', check: accountCheck('baseUrl') },
		sid: { value: '', check: accountCheck('sid') },
		publicUrl: {
			value: '',
			check(_view, value) {
				if (publicUrlFault(plain(value)) === 'unreadable')
					return shared('form.public-url', 'Public URL: write it like https://nodered.example.com');
				if (!repeatsFolder(plain(value), RED.settings.httpNodeRoot)) return true;
				return shared('finding.public-url.repeated', 'Public URL: without /exotel');
			},
		},
		timeZone: { value: 'Asia/Kolkata', check: accountCheck('timeZone') },
		defaultCountry: { value: 'IN', check: accountCheck('defaultCountry') },
		requestsPerMinute: {
			value: String(ranges.requestsPerMinute.fallback),
			check(_view, value) {
				const message = shared('form.per-minute', 'Requests a minute: a whole number from 1 to 6000');
				return Number.isInteger(Number(value))
					? checkNumber(value, ranges.requestsPerMinute, message)
					: message;
			},
		},
		allowedAddresses: { value: '', check: addressCheck('allowedAddresses') },
		anyoneMayCall: { value: false },
		confirmEnds: { value: false },
		trustedProxies: { value: '', check: addressCheck('trustedProxies') },
	},
	label(view) {
		const sid = view.text('sid');
		return sid === '' ? view.word('label.account') : `${sid} (${view.word(`region.short.${view.text('region')}`)})`;
	},
	prepare(view) {
		view.input('region').on('change', () => showServer(view));
		showServer(view);
		prepareToken(view);
		prepareRevoking(view);
		prepareTest(view);
	},
});
