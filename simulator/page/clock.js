// The clock: how fast simulated time runs, and moving it on by hand. All delays, stamps and retries follow it.
import { ask } from './control-api.js';
import { attempt } from './notices.js';
import { clockTime, dayOf, duration } from './call-words.js';
import { element } from './element.js';
import { onStateChange, readClock, simulatedNow, simulatedSpeed } from './simulator-state.js';

const SPEEDS = [0, 1, 10, 60, 600];
const STEPS = [1, 10, 60, 300, 900];
const LONGEST_STEP = 31_622_400;

/** The chip in the header. */
export function startClockChip(time, speed) {
	const draw = () => {
		time.textContent = clockTime(simulatedNow());
		speed.textContent = speedWords(simulatedSpeed());
	};
	onStateChange(draw);
	setInterval(draw, 250);
	draw();
}

/** The card with speeds and steps. */
export function clockCard() {
	const time = element('p', { class: 'clock-big' });
	const day = element('p', { class: 'card-note' });
	const speeds = element(
		'div',
		{ class: 'segments', role: 'group', 'aria-label': 'Speed' },
		SPEEDS.map((speed) =>
			element(
				'button',
				{ type: 'button', 'aria-pressed': 'false', dataset: { speed }, on: { click: () => set({ speed }) } },
				speed === 0 ? 'Manual' : `× ${speed}`,
			),
		),
	);
	const own = amountForm('clock-speed-own', 'Own speed', 'times', 100_000, '2.5', 'Set', (speed) => set({ speed }));
	const steps = element(
		'div',
		{ class: 'buttons' },
		STEPS.map((seconds) =>
			element(
				'button',
				{ type: 'button', class: 'button button-small', on: { click: () => set({ advanceSeconds: seconds }) } },
				`+ ${duration(seconds * 1000)}`,
			),
		),
	);
	const ownStep = amountForm(
		'clock-step-own',
		'Own step',
		'seconds',
		LONGEST_STEP,
		'90',
		'Advance',
		(advanceSeconds) => set({ advanceSeconds }),
	);
	const working = element('p', { class: 'card-note', role: 'status' });

	async function set(change) {
		working.textContent =
			change.advanceSeconds === undefined
				? ''
				: `Moving on by ${duration(change.advanceSeconds * 1000)}; deliveries that fall due are waited for …`;
		const clock = await attempt(() => ask('clock', { method: 'POST', body: change }));
		working.textContent = '';
		if (clock) readClock(clock);
	}
	const draw = () => {
		time.textContent = clockTime(simulatedNow());
		day.textContent = `${dayOf(simulatedNow())}, Indian time · ${speedWords(simulatedSpeed())}`;
		for (const button of speeds.children)
			button.setAttribute('aria-pressed', String(Number(button.dataset.speed) === simulatedSpeed()));
	};
	onStateChange(draw);
	setInterval(() => time.offsetParent !== null && draw(), 250);
	draw();
	return element(
		'section',
		{ class: 'card clock' },
		element('h3', {}, 'Clock'),
		element('div', {}, time, day),
		element('h4', {}, 'How fast it runs'),
		speeds,
		own,
		element('h4', {}, 'Move it on'),
		steps,
		ownStep,
		working,
	);
}

/** `× 60`, `manual`. */
function speedWords(speed) {
	return speed === 0 ? 'manual' : `× ${speed}`;
}

function amountForm(id, label, unit, most, example, action, run) {
	const input = element('input', {
		type: 'number',
		id,
		min: '0',
		max: String(most),
		step: 'any',
		placeholder: example,
		required: true,
		inputmode: 'decimal',
	});
	const submit = (event) => {
		event.preventDefault();
		const amount = input.valueAsNumber;
		if (Number.isFinite(amount)) run(amount);
	};
	return element(
		'form',
		{ class: 'amount-form', on: { submit } },
		element('label', { for: id }, label),
		element('span', { class: 'amount' }, input, unit),
		element('button', { type: 'submit', class: 'button button-small' }, action),
	);
}
