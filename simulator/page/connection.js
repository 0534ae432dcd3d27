// What a newcomer needs: base URL, SID, key, token, a curl line that works as it is – and a button that does the same.
import { attempt, notify } from './notices.js';
import { copyButton } from './copy-button.js';
import { element, fill } from './element.js';
import { onStateChange, state } from './simulator-state.js';

/** The card; filled in as soon as the simulator has said who it is. */
export function connectionCard() {
	const card = element('section', { class: 'card connection' }, element('h3', {}, 'Connect your program'));
	const body = element('div', { class: 'connection-body' });
	card.append(body);
	const draw = () => state.about && fill(body, contents(state.about));
	onStateChange(draw);
	draw();
	return card;
}

function contents(about) {
	const account = about.account;
	const url = about.url;
	return [
		about.open ? element('p', { class: 'card-note' }, 'Any account SID, key and token are taken. These will do:') : element('p', { class: 'card-note' }, 'This simulator takes the accounts it was started with. This is the first:'),
		element(
			'dl',
			{ class: 'credentials' },
			credential('Base URL', url),
			credential('Account SID', account.sid),
			credential('API key', account.key),
			credential('API token', account.token),
			credential('ExoPhone', about.exoPhone),
		),
		element('div', { class: 'curl-head' }, element('h4', {}, 'A first call from the command line'), copyButton(() => curlLine(about), 'Copy the curl line')),
		element('pre', { class: 'payload', tabindex: '0', 'aria-label': 'curl line' }, curlLine(about)),
		element('div', { class: 'buttons' }, element('button', { type: 'button', class: 'button button-main', on: { click: () => attempt(() => placeCall(about)) } }, 'Place this call now'), element('a', { class: 'button', href: '#/dial' }, 'Ring in as a customer')),
	];
}

function credential(name, value) {
	return element('div', {}, element('dt', {}, name), element('dd', {}, element('code', {}, value), copyButton(() => value, `Copy ${name}`)));
}

function curlLine({ account, url, exoPhone }) {
	return [
		`curl -u '${account.key}:${account.token}' \\`,
		`  ${url}/v1/Accounts/${account.sid}/Calls/connect.json \\`,
		`  -d From=09999900011 -d To=09999900022 -d CallerId=${exoPhone} -d Record=true`,
	].join('\n');
}

async function placeCall({ account, exoPhone }) {
	const response = await fetch(`/v1/Accounts/${encodeURIComponent(account.sid)}/Calls/connect.json`, {
		method: 'POST',
		headers: { Authorization: `Basic ${btoa(`${account.key}:${account.token}`)}` },
		body: new URLSearchParams({ From: '09999900011', To: '09999900022', CallerId: exoPhone, Record: 'true' }),
	});
	const answer = await response.json();
	if (!response.ok) throw new Error(answer?.RestException?.Message ?? `The API answered ${response.status}.`);
	notify('The call is under way.');
	location.hash = `#/calls/${encodeURIComponent(answer.Call.Sid)}`;
}
