// One call: what happened in words, the timeline, the facts, what the caller heard, every delivery.
import { drawing, element, fill } from './element.js';
import { appletStory, heardList } from './applet-story.js';
import { badgeOf, clockTime, dayOf, duration, moment, sentence } from './call-words.js';
import { momentsWithNumbers } from './call-attempts.js';
import { callTimeline } from './call-timeline.js';
import { copyButton } from './copy-button.js';
import { deliveryList } from './deliveries.js';
import { simulatedNow } from './simulator-state.js';
import { arrow, wayWords } from './calls-list.js';

/** What a number does. */
const NUMBER_WORDS = {
	dial: 'is dialled',
	ringing: 'rings',
	answered: 'answers',
	'no-answer': 'does not answer',
	busy: 'is busy',
	failed: 'cannot be reached',
	canceled: 'stops ringing',
	'hang-up': 'hangs up',
	digits: 'presses',
	voicemail: 'leaves a voicemail',
};
/** What happens to the call. */
const CALL_WORDS = {
	created: 'Request taken',
	flow: 'The flow begins',
	connect: 'Connect asks whom to ring',
	fallback: 'The fallback URL is asked',
	passthru: 'Passthru asks',
	gather: 'Gather asks for keys',
	greeting: 'A greeting is played',
	'switch-case': 'Switch Case looks for',
	branch: 'Branch taken',
	hangup: 'The flow hangs up',
	'conversation-ends': 'The conversation is over',
	'nobody-answers': 'Nobody answered',
	'did-not-dial': 'Nobody was rung',
	'not-dialled': 'Not dialled',
	'fetch-stopped': 'No further question',
	'flow-cut': 'The flow was cut off',
	'time-limit': 'The time limit is reached',
	terminal: 'The call is over',
};
const LIVE_STEP_MS = 250;

/** The pane of the chosen call; redrawn with `update(detail)`, where detail is the control API's answer. */
export function callView() {
	const title = element('div', { class: 'call-title' });
	const timeline = callTimeline();
	const deliveries = deliveryList();
	const story = appletStory();
	const heard = heardList();
	const facts = element('dl', { class: 'facts' });
	const moments = element('ol', { class: 'moments' });
	const flags = element('ul', { class: 'flagged' });
	const storyCard = element('section', { class: 'card' }, element('h3', {}, 'What the flow was asked'), story.list);
	const heardCard = element('section', { class: 'card' }, element('h3', {}, 'What the caller hears'), heard.list);
	const root = element(
		'article',
		{ class: 'call-view', 'aria-labelledby': 'call-heading' },
		element(
			'a',
			{ class: 'button button-plain button-small call-back', href: '#/calls' },
			drawing('M15 5l-7 7 7 7'),
			'All calls',
		),
		title,
		flags,
		element('section', { class: 'card' }, element('h3', {}, 'Timeline'), timeline.figure),
		heardCard,
		storyCard,
		element('section', { class: 'card' }, element('h3', {}, 'Sent to your side'), deliveries.list),
		element('section', { class: 'card' }, element('h3', {}, 'Facts'), facts),
		element('section', { class: 'card' }, element('h3', {}, 'Moments'), moments),
	);
	let shown = null;
	let drawnFacts = '';
	let drawnMoments = '';
	let ticking = 0;

	const tick = () => {
		clearTimeout(ticking);
		if (!shown || !root.isConnected) return;
		drawTitle(title, shown.call);
		timeline.update(shown, simulatedNow());
		// The player's link is a new one with every answer; it does not make the facts new.
		const state = JSON.stringify([
			{ ...shown.call, recording: shown.call.recording?.url },
			isWaitingForRecording(shown.call),
		]);
		if (state !== drawnFacts) {
			drawnFacts = state;
			drawFacts(facts, shown.call);
		}
		if (shown.call.outcome === null || isWaitingForRecording(shown.call)) ticking = setTimeout(tick, LIVE_STEP_MS);
	};
	const update = (detail) => {
		shown = detail;
		const state = JSON.stringify(detail.timeline);
		if (state !== drawnMoments) {
			drawnMoments = state;
			drawMoments(moments, detail);
		}
		const flagged = detail.call.flags ?? [];
		fill(
			flags,
			flagged.map((flag) => element('li', {}, flag)),
		);
		flags.hidden = flagged.length === 0;
		deliveries.update(detail.deliveries);
		story.update(detail.questions ?? []);
		storyCard.hidden = (detail.questions ?? []).length === 0;
		heard.update(detail.heard ?? []);
		heardCard.hidden = (detail.heard ?? []).length === 0;
		tick();
	};
	addEventListener('resize', tick);
	return { root, update };
}

function drawTitle(title, call) {
	const badge = badgeOf(call);
	const state = `${call.from}|${call.to}|${badge.word}|${sentence(call, simulatedNow())}`;
	if (title.dataset.state === state) return;
	title.dataset.state = state;
	fill(
		title,
		element(
			'div',
			{ class: 'call-title-line' },
			element('h3', { id: 'call-heading' }, call.from || '–', arrow(), call.to || '–'),
			element('span', { class: `badge badge-${badge.tone}` }, badge.word),
		),
		element('p', { class: 'call-sentence' }, sentence(call, simulatedNow())),
	);
}

function drawFacts(facts, call) {
	const talked = call.talkSeconds;
	const whole = call.endedAt === null ? null : moment(call.endedAt) - moment(call.startedAt ?? call.createdAt);
	fill(
		facts,
		fact(
			'Call SID',
			[element('code', {}, call.sid), copyButton(() => call.sid, 'Copy the call SID')],
			'wide with-copy',
		),
		fact('Kind', `${wayWords(call)}, API ${call.api}`),
		fact('Status (Exotel’s word)', call.status),
		fact('ExoPhone', call.exoPhone),
		fact('Begun', `${clockTime(call.createdAt)} IST`, '', dayOf(call.createdAt)),
		fact('Ended', call.endedAt === null ? '–' : `${clockTime(call.endedAt)} IST`),
		fact('Duration', whole === null ? '–' : duration(whole)),
		fact('Conversation', talked === null || talked === undefined ? '–' : duration(talked * 1000)),
		fact('Flow', call.flow),
		fact('Agent', call.agent?.name ?? call.agent?.contact),
		fact('Keys pressed', (call.digits ?? []).join(', ')),
		fact('Account', call.account),
		fact('CustomField', call.customField, 'wide'),
		call.recording ? recordingFact(call.recording) : null,
	);
}

function fact(name, value, kind = '', title = null) {
	if (value === null || value === undefined || value === '') return null;
	return element(
		'div',
		{ class: kind.replace('with-copy', '').trim() || null },
		element('dt', {}, name),
		element('dd', { class: kind.includes('with-copy') ? 'with-copy' : null, title }, value),
	);
}

/** Address, and a player once the recording is there. The link for the player needs no key. */
function recordingFact({ url, readyAt, listenUrl }) {
	const ready = simulatedNow() >= moment(readyAt);
	const link = ready && listenUrl ? new URL(listenUrl) : null;
	return element(
		'div',
		{ class: 'wide' },
		element('dt', {}, 'Recording'),
		element(
			'dd',
			{ class: 'with-copy' },
			element('code', {}, url),
			copyButton(() => url, 'Copy the address of the recording'),
		),
		element(
			'dd',
			{},
			link
				? element('audio', {
						controls: true,
						preload: 'none',
						src: `${link.pathname}${link.search}`,
						'aria-label': 'Recording of the call',
					})
				: element('span', { class: 'card-note' }, `Can be downloaded from ${clockTime(readyAt)} on.`),
		),
	);
}

function isWaitingForRecording({ recording }) {
	return Boolean(recording) && simulatedNow() < moment(recording.readyAt);
}

function drawMoments(moments, { call, timeline }) {
	const start = moment(call.createdAt);
	fill(
		moments,
		momentsWithNumbers(call, timeline).map((entry) => {
			const does = entry.number === null ? null : NUMBER_WORDS[entry.type];
			const said = does ? `${entry.number} ${does}` : (CALL_WORDS[entry.type] ?? entry.type);
			const detail =
				entry.detail && entry.detail !== entry.number
					? ` ${does === NUMBER_WORDS.digits ? '' : '– '}${entry.detail}`
					: null;
			return element(
				'li',
				{},
				element('time', { title: `+${duration(Math.max(0, moment(entry.at) - start))}` }, clockTime(entry.at)),
				element('span', {}, said, detail && element('span', { class: 'moment-detail' }, detail)),
			);
		}),
	);
}
