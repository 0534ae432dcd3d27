// The chaos switches: what can go wrong between Exotel and its users, always or by chance.
import { ask } from './control-api.js';
import { attempt } from './notices.js';
import { element, fill } from './element.js';
import { onStateChange, refreshState, state } from './simulator-state.js';

const NAMES = {
	duplicate: 'Duplicate callbacks',
	reorder: 'Reordered callbacks',
	early: 'Early callback',
	drop: 'Dropped callbacks',
	missingRinging: 'No ringing events',
	tooManyRequests: '429 Too many requests',
	unavailable: '503 Unavailable',
	gatewayTimeout: '504 Gateway timeout',
	forbidden: '403 KYC missing',
	trialAccount: '403 Trial account',
	noCredit: '402 No credit',
	wrongRegion: '404 Wrong region',
	badGateway: '502 Bad gateway',
	serverError: '500 Server error',
	htmlPage: '200 with a page',
	noAnswer: 'No answer',
	cutBefore: 'Connection cut before',
	cutAfter: 'Connection cut after',
	delaySeconds: 'Late callbacks',
	slowAnswerSeconds: 'Slow API answers',
	retryAfterSeconds: 'Retry-After of a 429',
	v2ErrorCode: 'v2 error code',
};
const UNITS = { v2ErrorCode: '' };

/** Two cards: what happens to callbacks, what happens to API requests. */
export function chaosCards() {
	const callbacks = element('div');
	const requests = element('div');
	const rules = element('p', { class: 'card-note' });
	const off = element(
		'button',
		{ type: 'button', class: 'button button-small', on: { click: () => put({}) } },
		'All off',
	);
	let drawn = '';

	async function put(settings) {
		await attempt(() => ask('chaos', { method: 'PUT', body: settings }));
		await attempt(refreshState);
	}
	const change = (name, value) => {
		const settings = { ...state.about.chaos };
		if (value === false || value === 0) delete settings[name];
		else settings[name] = value;
		return put(settings);
	};
	const draw = () => {
		if (!state.about) return;
		const { chaos, chaosSwitches } = state.about;
		const now = JSON.stringify([chaos, chaosSwitches]);
		if (now === drawn) return;
		drawn = now;
		const focused = document.activeElement?.id ?? '';
		const events = Object.entries(chaosSwitches.events).map(([name, meaning]) => ({
			name,
			row: eventRow(name, meaning, chaos[name], change),
			api: /^API/.test(meaning),
		}));
		const amounts = Object.entries(chaosSwitches.amounts).map(([name, meaning]) => ({
			name,
			row: amountRow(name, meaning, chaos[name], change),
			api: name !== 'delaySeconds',
		}));
		const all = [...events, ...amounts];
		fill(
			callbacks,
			all.filter((entry) => !entry.api).map((entry) => entry.row),
		);
		fill(
			requests,
			all.filter((entry) => entry.api).map((entry) => entry.row),
		);
		const count = chaos.rules?.length ?? 0;
		rules.textContent =
			count === 0
				? ''
				: `${count === 1 ? 'One rule' : `${count} rules`} for single accounts or numbers ` +
					`${count === 1 ? 'was' : 'were'} set through the control API and will be kept; “All off” ` +
					`removes ${count === 1 ? 'it' : 'them'} too.`;
		off.disabled = Object.keys(chaos).length === 0;
		document.getElementById(focused)?.focus();
	};
	onStateChange(draw);
	draw();
	return [
		element(
			'section',
			{ class: 'card' },
			element('div', { class: 'card-head' }, element('h3', {}, 'Chaos: callbacks'), off),
			element('p', { class: 'card-note' }, 'What happens to everything sent to your side.'),
			rules,
			callbacks,
		),
		element(
			'section',
			{ class: 'card' },
			element('h3', {}, 'Chaos: API requests'),
			element('p', { class: 'card-note' }, 'What your program gets when it asks Exotel.'),
			requests,
		),
	];
}

function eventRow(name, meaning, value, change) {
	const on = value === true || (typeof value === 'number' && value > 0);
	const percent = typeof value === 'number' ? Math.round(value * 1000) / 10 : 100;
	const label = NAMES[name] ?? name;
	const toggle = element('button', {
		type: 'button',
		class: 'switch',
		id: `chaos-${name}`,
		role: 'switch',
		'aria-checked': String(on),
		'aria-labelledby': `chaos-${name}-name`,
		'aria-describedby': `chaos-${name}-hint`,
		on: { click: () => change(name, !on) },
	});
	const chance = element('input', {
		type: 'number',
		id: `chaos-${name}-chance`,
		min: '0',
		max: '100',
		step: '1',
		value: String(percent),
		'aria-label': `${label}: in percent of cases`,
	});
	chance.addEventListener('change', () => {
		const share = Math.min(100, Math.max(0, chance.valueAsNumber || 0));
		change(name, share === 100 ? true : share / 100);
	});
	return element(
		'div',
		{ class: 'switch-row' },
		element('span', { class: 'switch-name', id: `chaos-${name}-name` }, label),
		toggle,
		element('span', { class: 'field-hint', id: `chaos-${name}-hint` }, sentenceOf(meaning)),
		on && element('span', { class: 'amount chance' }, 'in', chance, '% of cases'),
	);
}

function amountRow(name, meaning, value, change) {
	const label = NAMES[name] ?? name;
	const input = element('input', {
		type: 'number',
		id: `chaos-${name}`,
		min: '0',
		step: 'any',
		value: String(value ?? 0),
		'aria-labelledby': `chaos-${name}-name`,
		'aria-describedby': `chaos-${name}-hint`,
	});
	input.addEventListener('change', () => change(name, Math.max(0, input.valueAsNumber || 0)));
	return element(
		'div',
		{ class: 'switch-row' },
		element('span', { class: 'switch-name', id: `chaos-${name}-name` }, label),
		element('span', { class: 'switch-amount amount' }, input, UNITS[name] ?? 's'),
		element('span', { class: 'field-hint', id: `chaos-${name}-hint` }, sentenceOf(meaning)),
	);
}

function sentenceOf(meaning) {
	// The number of an HTTP status is in the name already.
	const text = meaning.replace(/^API: (\d{3},? )?/, '');
	return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
