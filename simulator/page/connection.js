// What a newcomer needs: base URL, SID, key, token, a curl line that works as it is – and a button that does the same.
import { attempt, notify } from './notices.js';
import { copyButton } from './copy-button.js';
import { credentials, onStateChange, state } from './simulator-state.js';
import { element, fill } from './element.js';

const FROM = '09999900011';
const TO = '09999900022';

/** The card; filled in as soon as the simulator has said who it is. */
export function connectionCard() {
	const body = element('div', { class: 'connection-body' });
	let drawn = '';
	const draw = () => {
		if (!state.about) return;
		// The address that reached this page reaches the API too, also through a forwarded port.
		const { seed } = state.about.settings;
		const known = { ...credentials(), url: location.origin, open: state.about.anyAccount, seed };
		if (JSON.stringify(known) === drawn) return;
		drawn = JSON.stringify(known);
		fill(body, contents(known));
	};
	onStateChange(draw);
	draw();
	return element('section', { class: 'card connection' }, element('h3', {}, 'Connect your program'), body);
}

function contents(known) {
	const line = curlLine(known);
	return [
		element(
			'p',
			{ class: 'card-note' },
			known.open
				? 'Any account SID, key and token are taken. These will do:'
				: 'This simulator takes only the accounts it was started with. Use the key and token given there.',
		),
		element(
			'dl',
			{ class: 'credentials' },
			credential('Base URL', known.url),
			credential('Account SID', known.sid),
			credential('ExoPhone', known.exoPhone),
			known.open ? [credential('API key', known.key), credential('API token', known.token)] : null,
		),
		known.seed !== null &&
			element(
				'p',
				{ class: 'card-note' },
				`The seed is pinned (${known.seed}): after a restart the same call SIDs come again. A program that ` +
					'remembers calls by SID takes them for old ones.',
			),
		element(
			'div',
			{ class: 'curl-head' },
			element('h4', {}, 'A first call from the command line'),
			copyButton(() => line, 'Copy the curl line'),
		),
		element('pre', { class: 'payload curl', tabindex: '0', role: 'group', 'aria-label': 'curl line' }, line),
		element(
			'div',
			{ class: 'buttons' },
			known.open &&
				element(
					'button',
					{
						type: 'button',
						class: 'button button-main',
						on: { click: () => attempt(() => placeCall(known)) },
					},
					'Place this call now',
				),
			element('a', { class: 'button', href: '#/dial' }, 'Ring in as a customer'),
		),
	];
}

function credential(name, value) {
	return element(
		'div',
		{},
		element('dt', {}, name),
		element(
			'dd',
			{},
			element('code', {}, value),
			copyButton(() => value, `Copy ${name}`),
		),
	);
}

function curlLine({ sid, key, token, url, exoPhone }) {
	return [
		`curl -u ${key ?? '<key>'}:${token ?? '<token>'} \\`,
		`  ${url}/v1/Accounts/${sid}/Calls/connect.json \\`,
		`  -d From=${FROM} -d To=${TO} \\`,
		`  -d CallerId=${encodeURIComponent(exoPhone)} -d Record=true`,
	].join('\n');
}

async function placeCall({ sid, key, token, exoPhone }) {
	const response = await fetch(`/v1/Accounts/${encodeURIComponent(sid)}/Calls/connect.json`, {
		method: 'POST',
		headers: { Authorization: `Basic ${btoa(`${key}:${token}`)}` },
		body: new URLSearchParams({ From: FROM, To: TO, CallerId: exoPhone, Record: 'true' }),
	});
	const answer = await response.json();
	if (!response.ok) throw new Error(answer?.RestException?.Message ?? `The API answered ${response.status}.`);
	notify('The call is under way.');
	location.hash = `#/calls/${encodeURIComponent(answer.Call.Sid)}`;
}
