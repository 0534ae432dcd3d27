// What the flow editor calls applets, fields and branches, and what a path of the control API means there.

/** Type → name, what the applet does, its fields and its branches. A field is [name, label, kind, example]. */
export const APPLETS = {
	greeting: {
		name: 'Greeting',
		does: 'Says something to the caller, or plays a sound. Fill in one of the three.',
		fields: [
			['text', 'What the caller hears', 'text', 'Welcome to Acme'],
			['audioUrl', 'or the URL of a sound (WAV)', 'url', 'http://127.0.0.1:1880/welcome.wav'],
			['url', 'or a URL that answers the text', 'url', 'http://127.0.0.1:1880/exotel/greeting'],
		],
	},
	gather: {
		name: 'Gather',
		does: 'Lets the caller press keys. Fill in one of the first three; with a URL, its answer says the rest.',
		fields: [
			['prompt', 'What the caller hears', 'text', 'For sales press 1'],
			['promptAudioUrl', 'or the URL of a sound (WAV)', 'url', 'http://127.0.0.1:1880/menu.wav'],
			['url', 'or a URL that answers the prompt', 'url', 'http://127.0.0.1:1880/exotel/menu'],
			['fallbackUrl', 'Fallback of that URL (optional)', 'url', 'http://127.0.0.1:1880/exotel/fallback'],
			['digits', 'Keys pressed when the dial pad gives none (optional)', 'text', '1'],
		],
		more: [
			['maxDigits', 'Keys at most', 'number', '255'],
			['finishOnKey', 'Finishing key, or none', 'text', '#'],
			['timeoutSeconds', 'Seconds to wait for a key', 'number', '5'],
			['repeats', 'Repetitions while nothing is pressed', 'number', '0'],
			['repeatPrompt', 'Said when it is repeated', 'text', 'Please press a key'],
			['repeatPromptAudioUrl', 'or the URL of a sound (WAV) then', 'url', 'http://127.0.0.1:1880/again.wav'],
		],
		named: ['keys', 'Key'],
		branches: [['noInput', 'Nothing pressed']],
	},
	connect: {
		name: 'Connect',
		does: 'Asks whom to ring.',
		fields: [
			['url', 'URL', 'url', 'http://127.0.0.1:1880/exotel/whom-to-ring'],
			['fallbackUrl', 'Fallback URL (optional)', 'url', 'http://127.0.0.1:1880/exotel/fallback'],
		],
		branches: [
			['afterConversation', 'After the conversation'],
			['nobodyAnswers', 'Nobody answered'],
			['didNotDial', 'Nobody was rung'],
		],
	},
	passthru: {
		name: 'Passthru',
		does: 'Tells your server; its answer (200 or 302) decides the branch.',
		fields: [['url', 'URL', 'url', 'http://127.0.0.1:1880/exotel/passthru']],
		branches: [
			['onTrue', 'Status 200'],
			['onFalse', 'Status 302'],
		],
	},
	'switch-case': {
		name: 'Switch Case',
		does: 'Branches by the name that the answer to the Passthru before it selects.',
		fields: [],
		named: ['cases', 'Case'],
	},
	voicemail: {
		name: 'Voicemail',
		does: 'Records a message of the caller.',
		fields: [
			['text', 'What the caller hears before the beep (optional)', 'text', 'Please leave a message'],
			['audioUrl', 'or the URL of a sound (WAV)', 'url', 'http://127.0.0.1:1880/voicemail.wav'],
			['messageSeconds', 'Seconds the caller speaks', 'number', '10'],
		],
	},
	hangup: { name: 'Hang up', does: 'Ends the call.', fields: [] },
};

/** A fresh applet of that type. */
export function emptyApplet(type) {
	if (type === 'connect') return { type, version: '1.0' };
	return type === 'switch-case' ? { type, cases: {} } : { type };
}

/** The branches that an applet has, [{ label, applets }]. */
export function branchesOf(applet) {
	const { branches = [], named } = APPLETS[applet.type] ?? {};
	const own = named ? Object.entries(applet[named[0]] ?? {}) : [];
	return [
		...own.map(([name, applets]) => ({ label: `${named[1]} ${name}`, applets })),
		...branches
			.filter(([field]) => applet[field] !== undefined)
			.map(([field, label]) => ({ label, applets: applet[field] })),
	];
}

/** What the applet is about, in one line. */
export function appletLine(applet) {
	const said = applet.text ?? applet.prompt;
	if (said !== undefined) return `“${said}”`;
	const address = applet.url ?? applet.audioUrl ?? applet.promptAudioUrl ?? '';
	return [applet.version, address, applet.async ? '(asynchronous)' : ''].filter(Boolean).join(' ');
}

/** A refusal about a flow in the words of the form: `Applet 1, Key 2, Applet 1: text must be …`. */
export function plainRefusal({ message, path }) {
	if (!Array.isArray(path) || path[0] !== 'applets') return message;
	const field = typeof path.at(-1) === 'string' && path.length > 1 ? path.at(-1) : null;
	const steps = field === null ? path : path.slice(0, -1);
	const place = steps.flatMap((step, index) => {
		if (typeof step === 'number') return [`Applet ${step + 1}`];
		const label = Object.values(APPLETS)
			.flatMap(({ branches = [], named }) => (named ? [...branches, named] : branches))
			.find(([name]) => name === step)?.[1];
		if (label === 'Key' || label === 'Case') return [`${label} ${steps[index + 1] ?? ''}`.trim()];
		const follows = ['keys', 'cases'].includes(steps[index - 1]);
		return label === undefined || follows ? [] : [label];
	});
	// the place that the message begins with is said in other words
	const reason = inLabels(message.replace(/^applets\S*(?:\["[^"]*"\]\S*)*\s/, ''));
	const label = field === null ? '' : `${labels.get(field) ? `“${labels.get(field)}”` : field} `;
	return place.length === 0 ? message : `${place.join(', ')}: ${label}${reason}`;
}

/** Field → what the form calls it, where all applets call it the same. */
const labels = new Map();
for (const { fields, more = [] } of Object.values(APPLETS))
	for (const [name, label] of [...fields, ...more])
		labels.set(name, [undefined, label].includes(labels.get(name)) ? label : null);

/** `needs one of text, audioUrl, url` in the words of the form of the applet that has these fields. */
function inLabels(reason) {
	const names = /^needs one of ([\w, ]+)$/.exec(reason)?.[1].split(', ') ?? [];
	const applet = Object.values(APPLETS).find(({ fields }) =>
		names.every((name) => fields.some(([field]) => field === name)),
	);
	if (names.length === 0 || applet === undefined) return reason;
	const words = names.map((name) => applet.fields.find(([field]) => field === name)[1].replace(/^or /, ''));
	return `needs one of “${words.join('”, “')}”`;
}
