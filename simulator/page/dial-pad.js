// The dial pad: ring an ExoPhone as a customer and watch what the flow does – which applet is asked, what it answers,
// whether Exotel would accept that, what the caller hears and who is rung.
import { appletStory, heardList } from './applet-story.js';
import { ask, segment } from './control-api.js';
import { announce, attempt } from './notices.js';
import { badgeOf, sentence } from './call-words.js';
import { callTimeline } from './call-timeline.js';
import { deliveryName } from './deliveries.js';
import { element, fill } from './element.js';
import { APPLETS, appletLine } from './flow-words.js';
import { refusalList } from './refusals.js';
import { accountSids, currentAccount, exoPhonesOf, onStateChange, simulatedNow, state } from './simulator-state.js';
import { paced } from './calls-view.js';

const KEYS = [
	['1', ''],
	['2', 'ABC'],
	['3', 'DEF'],
	['4', 'GHI'],
	['5', 'JKL'],
	['6', 'MNO'],
	['7', 'PQRS'],
	['8', 'TUV'],
	['9', 'WXYZ'],
	['+', ''],
	['0', ''],
	['⌫', ''],
];

const DIGITS = 'Keys you press when asked (optional)';

/** Builds the view into `root`. */
export function dialPadView(root) {
	const from = numberField('dial-from', 'You are (caller)', '09999912345');
	const to = numberField('dial-to', 'You ring (ExoPhone)', '08047112233', 'dial-exophones');
	const account = element('select', { id: 'dial-account', on: { change: () => chooseAccount() } });
	const accountField = element(
		'div',
		{ class: 'field' },
		element('label', { for: 'dial-account' }, 'Account'),
		account,
	);
	const flow = element('select', { id: 'dial-flow' });
	const flowHint = element('p', { class: 'field-hint' });
	const digits = element('input', {
		type: 'text',
		id: 'dial-digits',
		inputmode: 'numeric',
		placeholder: '1, 42#',
		autocomplete: 'off',
		'aria-describedby': 'dial-digits-problem',
	});
	const digitsProblem = element('p', { class: 'field-problem', id: 'dial-digits-problem' });
	const ring = element('button', { type: 'submit', class: 'button button-main dial-ring' }, 'Ring');
	const problem = element('p', { class: 'field-problem', role: 'alert' });
	let target = from.input;
	for (const field of [from, to]) field.input.addEventListener('focus', () => (target = field.input));

	const pad = element(
		'div',
		{ class: 'keys', role: 'group', 'aria-label': 'Keys for the field used last' },
		KEYS.map(([key, letters]) =>
			element(
				'button',
				{
					type: 'button',
					class: 'key',
					'aria-label': key === '⌫' ? 'Delete the last digit' : null,
					dataset: { letters },
					on: { click: () => press(target, key) },
				},
				key,
			),
		),
	);
	const form = element(
		'form',
		{ class: 'form', novalidate: true, on: { submit: (event) => submit(event) } },
		accountField,
		from.field,
		to.field,
		pad,
		element('div', { class: 'field' }, element('label', { for: 'dial-flow' }, 'Flow that answers'), flow, flowHint),
		element(
			'div',
			{ class: 'field' },
			element('label', { for: 'dial-digits' }, DIGITS),
			digits,
			digitsProblem,
			element('p', { class: 'field-hint' }, 'For Gather applets; several answers are separated by a comma.'),
		),
		problem,
		ring,
	);
	const result = dialResult();
	root.append(
		element(
			'div',
			{ class: 'view-head' },
			element(
				'div',
				{ class: 'view-head-words' },
				element('h2', { id: 'title-dial' }, 'Dial pad'),
				element(
					'p',
					{},
					'Ring an ExoPhone as a customer would. The flow asks your server, and you see what the ' +
						'caller hears and who is rung.',
				),
			),
		),
		element(
			'div',
			{ class: 'dial' },
			element('section', { class: 'card', 'aria-label': 'Place an inbound call' }, form),
			result.root,
		),
		element('datalist', { id: 'dial-exophones' }),
	);

	let drawn = '';
	let chosen = null;
	let proposed = '';
	const chooseAccount = () => {
		chosen = account.value;
		drawChoices();
	};
	const drawChoices = () => {
		const sids = accountSids();
		const sid = sids.includes(chosen) ? chosen : currentAccount();
		const now = JSON.stringify([sid, sids, state.about?.flows, exoPhonesOf(sid)]);
		if (now === drawn) return;
		drawn = now;
		fill(
			account,
			sids.map((one) => element('option', { value: one }, one)),
		);
		account.value = sid;
		// with one account there is nothing to choose
		accountField.hidden = sids.length < 2;
		const mine = (state.about?.flows ?? []).filter((entry) => entry.account === null || entry.account === sid);
		const flows = [...new Set(mine.map((entry) => entry.id))];
		const before = flow.value;
		fill(
			flow,
			flows.length === 0
				? element('option', { value: '' }, 'no flow yet')
				: flows.map((id) => element('option', { value: id }, flowLabel(mine.find((entry) => entry.id === id)))),
		);
		if (flows.includes(before)) flow.value = before;
		flow.disabled = ring.disabled = flows.length === 0;
		fill(
			flowHint,
			flows.length === 0 ? 'Nothing can answer yet: ' : 'Its applets are set up under ',
			element('a', { href: '#/flows' }, flows.length === 0 ? 'make a flow first' : 'Flows'),
			'.',
		);
		fill(
			document.getElementById('dial-exophones'),
			exoPhonesOf(sid)
				.slice(0, 50)
				.map((phone) => element('option', { value: phone })),
		);
		// the proposal follows the account; a number typed by hand stays
		if (state.about && to.input.value === proposed) to.input.value = proposed = exoPhonesOf(sid)[0];
	};
	onStateChange(drawChoices);
	drawChoices();

	/** At the field that the API names, by the name that it has here. */
	function showRefusal(message) {
		const [, name, reason] = /^(from|to|digits) (.*)$/s.exec(message) ?? [];
		const field = { from, to, digits: { input: digits, problem: digitsProblem, label: DIGITS } }[name];
		if (field === undefined) {
			problem.textContent = message;
			return;
		}
		field.problem.textContent = `“${field.label}” ${reason}`;
		field.input.setAttribute('aria-invalid', 'true');
		field.input.focus();
	}

	async function submit(event) {
		event.preventDefault();
		problem.textContent = digitsProblem.textContent = '';
		digits.removeAttribute('aria-invalid');
		const wrong = [from, to].filter((field) => !validate(field));
		if (wrong.length > 0) {
			wrong[0].input.focus();
			return;
		}
		ring.disabled = true;
		try {
			const pressed = digits.value
				.split(',')
				.map((text) => text.trim())
				.filter(Boolean);
			const answer = await ask('inbound', {
				method: 'POST',
				body: {
					from: from.input.value.trim(),
					to: to.input.value.trim(),
					flow: flow.value || undefined,
					account: account.value,
					digits: pressed.length > 0 ? pressed : undefined,
				},
			});
			result.follow(answer.sid);
		} catch (error) {
			showRefusal(error.message);
		} finally {
			ring.disabled = false;
			// A button that is switched off loses the focus.
			if (document.activeElement === document.body) ring.focus();
		}
	}
	return { hear: result.hear };
}

/** What the flow begins with, and its id. */
function flowLabel({ id, applets }) {
	const [first] = applets;
	const begins = first && `${APPLETS[first.type]?.name ?? first.type} ${appletLine(first)}`.trim();
	return begins ? `${id}: ${begins}${applets.length > 1 ? ' …' : ''}` : id;
}

function numberField(id, label, example, list) {
	const input = element('input', {
		type: 'tel',
		id,
		placeholder: `for example ${example}`,
		autocomplete: 'off',
		'aria-describedby': `${id}-problem`,
		list,
	});
	const problem = element('p', { class: 'field-problem', id: `${id}-problem` });
	input.addEventListener('input', () => {
		input.removeAttribute('aria-invalid');
		problem.textContent = '';
	});
	return {
		input,
		problem,
		label,
		field: element('div', { class: 'field' }, element('label', { for: id }, label), input, problem),
	};
}

function validate({ input, problem }) {
	const good = /^(sips?:\S+|[+\d][\d\s()-]{4,18})$/i.test(input.value.trim());
	problem.textContent = good ? '' : 'Enter a phone number, for example 09999912345.';
	if (good) input.removeAttribute('aria-invalid');
	else input.setAttribute('aria-invalid', 'true');
	return good;
}

function press(input, key) {
	input.value = key === '⌫' ? input.value.slice(0, -1) : input.value + key;
	input.dispatchEvent(new Event('input'));
}

/** What the last rung call did, live. */
function dialResult() {
	let sid = null;
	let shown = null;
	const head = element('div', { class: 'dial-head' });
	const heard = heardList();
	const story = appletStory();
	const timeline = callTimeline();
	const hint = element(
		'p',
		{ class: 'choose' },
		'Ring, and see here what the caller hears, which applet is asked and who is rung.',
	);
	const heardCard = element('section', { class: 'card' }, element('h3', {}, 'What the caller hears'), heard.list);
	const storyCard = element('section', { class: 'card' }, element('h3', {}, 'What the flow was asked'), story.list);
	const refusals = refusalList(deliveryName);
	const refusedCard = element(
		'section',
		{ class: 'card', 'aria-labelledby': 'dial-refused' },
		element('h3', { id: 'dial-refused' }, 'What your server refused'),
		refusals.list,
	);
	const body = element(
		'div',
		{ class: 'stack', hidden: true },
		head,
		heardCard,
		storyCard,
		refusedCard,
		element('section', { class: 'card' }, element('h3', {}, 'Timeline'), timeline.figure),
	);
	const root = element('div', { class: 'dial-result' }, hint, body);
	let told = '';

	const draw = () => {
		if (!shown) return;
		const { call } = shown;
		const badge = badgeOf(call);
		const line = sentence(call, simulatedNow());
		if (head.dataset.state !== `${badge.word}${line}`) {
			head.dataset.state = `${badge.word}${line}`;
			fill(
				head,
				element('span', { class: `badge badge-${badge.tone}` }, badge.word),
				element('span', { class: 'dial-sentence' }, line),
				element('a', { href: `#/calls/${encodeURIComponent(call.sid)}` }, 'Everything about this call'),
			);
		}
		heard.update(shown.heard);
		heardCard.hidden = shown.heard.length === 0;
		story.update(shown.questions);
		storyCard.hidden = shown.questions.length === 0;
		const refused = refusals.update(shown.deliveries);
		refusedCard.hidden = refused === '';
		const heardLast = [badge.word, shown.heard.at(-1)?.line].filter(Boolean).join('. The caller hears: ');
		const news = refused === '' ? heardLast : `${heardLast}. Your server refused a request. ${refused}`;
		if (news !== told && root.offsetParent !== null) announce(news);
		told = news;
		timeline.update(shown, simulatedNow());
	};
	const load = paced(async () => {
		if (sid === null) return;
		const answer = await attempt(() => ask(`calls/${segment(sid)}`));
		if (answer === null) return;
		shown = answer;
		hint.hidden = true;
		body.hidden = false;
		draw();
	});
	setInterval(() => {
		if (shown?.call.outcome === null && root.offsetParent !== null) draw();
	}, 250);
	return {
		root,
		follow(next) {
			sid = next;
			load();
			// On a phone the result is below the form.
			if (root.getBoundingClientRect().top > innerHeight * 0.6)
				root.scrollIntoView({ block: 'start', behavior: 'smooth' });
		},
		hear(news) {
			if (news.type === 'reset') {
				sid = null;
				shown = null;
				hint.hidden = false;
				body.hidden = true;
			} else if (sid !== null && (news.sid === sid || news.type === 'everything')) load();
		},
	};
}
