/**
 * Reads flows as the control API and the programmatic entry take them and as `GET flows` gives them. The same rules as
 * JSON Schema are in `flow.schema.json`; a test holds both together. Only here: the depth of branches, the length of a
 * flow, and that no flow stands in a list twice.
 */
import { AppletFields, areKeys } from './applet-fields';
import { FlowError, type FlowPath } from './flow-error';
import { isObject } from './json';
import type { Applet, ConnectApplet, Flow, GatherApplet, PassthruApplet, SwitchCaseApplet } from './flow';

const MAX_APPLETS = 50;
/** Cases of a Switch Case, keys of a Gather. */
const MAX_BRANCHES = 50;
const MAX_DEPTH = 5;
/** Keeps memory bounded. */
const MAX_FLOW_LENGTH = 65_536;
/** Flows of a simulator. */
export const MAX_FLOWS = 500;
const MAX_CASE_NAME = 100;

/** The fields of each applet, in the order in which messages name them. */
const fieldsOf = {
	greeting: ['type', 'text', 'audioUrl', 'url'],
	gather: [
		...['type', 'prompt', 'promptAudioUrl', 'url', 'fallbackUrl', 'maxDigits', 'finishOnKey', 'timeoutSeconds'],
		...['repeats', 'repeatPrompt', 'repeatPromptAudioUrl', 'digits', 'keys', 'noInput'],
	],
	connect: ['type', 'version', 'url', 'fallbackUrl', 'afterConversation', 'nobodyAnswers', 'didNotDial'],
	passthru: ['type', 'url', 'async', 'onTrue', 'onFalse'],
	'switch-case': ['type', 'cases'],
	voicemail: ['type', 'text', 'audioUrl', 'messageSeconds'],
	hangup: ['type'],
} as const satisfies Record<Applet['type'], readonly string[]>;

/** What an answer to a Gather's request says instead of the applet. */
const FROM_ANSWER = [
	...(['maxDigits', 'finishOnKey', 'timeoutSeconds', 'repeats', 'repeatPrompt', 'repeatPromptAudioUrl'] as const),
];

/** A flow as it is given; without an id it gets the one of its address. */
export interface FlowDefinition {
	id?: string;
	account: string | null;
	applets: Applet[];
}

/**
 * Reads one flow: `{ applets, id?, account? }`.
 * @param path where it stands in a larger document
 * @throws FlowError naming what is wrong with which applet
 */
export function readFlow(given: unknown, path: FlowPath = []): FlowDefinition {
	if (!isObject(given)) throw new FlowError(path, 'must be an object with applets');
	const fields = new AppletFields(given, path, ['$schema', 'id', 'account', 'applets'], 'a flow');
	const { id, account = null } = given;
	fields.text('$schema');
	if (account !== null) fields.text('account');
	const applets = readApplets(given.applets, [...path, 'applets'], 0);
	if (JSON.stringify(applets).length > MAX_FLOW_LENGTH)
		throw fields.wrong('applets', `must have at most ${MAX_FLOW_LENGTH} characters, written as JSON`);
	return {
		...(id === undefined ? {} : { id: readFlowId(id, [...path, 'id']) }),
		account: typeof account === 'string' ? account : null,
		applets,
	};
}

/**
 * Reads many flows, `{ flows: [{ id, account?, applets }, …] }`, or one that has its id.
 * @throws FlowError naming what is wrong with which flow
 */
export function readFlows(given: unknown): Flow[] {
	if (!isObject(given) || given.flows === undefined) return [withId(readFlow(given), [])];
	new AppletFields(given, [], ['$schema', 'flows'], 'a document of flows').text('$schema');
	if (!Array.isArray(given.flows)) throw new FlowError(['flows'], 'must be an array of flows');
	if (given.flows.length > MAX_FLOWS) throw new FlowError(['flows'], `must be at most ${MAX_FLOWS} flows`);
	const seen = new Set<string>();
	return given.flows.map((one: unknown, index) => {
		const flow = withId(readFlow(one, ['flows', index]), ['flows', index]);
		const key = JSON.stringify([flow.id, flow.account]);
		if (seen.has(key)) throw new FlowError(['flows', index, 'id'], `is there twice: ${flow.id}`);
		seen.add(key);
		return flow;
	});
}

/** @throws FlowError if it is no id of a flow */
export function readFlowId(id: unknown, path: FlowPath = ['id']): string {
	if (typeof id === 'string' && /^(?!\.{1,2}$)[\w.-]{1,64}$/.test(id)) return id;
	throw new FlowError(path, 'must be 1 to 64 letters, digits, ".", "_" and "-"');
}

function withId({ id, account, applets }: FlowDefinition, path: FlowPath): Flow {
	if (id === undefined) throw new FlowError([...path, 'id'], 'is missing');
	return { id, account, applets };
}

function readApplets(given: unknown, path: FlowPath, depth: number): Applet[] {
	if (!Array.isArray(given)) throw new FlowError(path, 'must be an array of applets');
	if (given.length > MAX_APPLETS) throw new FlowError(path, `must have at most ${MAX_APPLETS} applets`);
	if (depth > MAX_DEPTH) throw new FlowError(path, `is too deep: branches are nested at most ${MAX_DEPTH} times`);
	return given.map((applet: unknown, index) => readApplet(applet, [...path, index], depth));
}

function readApplet(given: unknown, path: FlowPath, depth: number): Applet {
	if (!isObject(given)) throw new FlowError(path, 'must be an object');
	const { type } = given;
	if (!isType(type)) throw new FlowError([...path, 'type'], `must be one of ${Object.keys(fieldsOf).join(', ')}`);
	return readers[type](new AppletFields(given, path, fieldsOf[type], `a ${type} applet`), depth);
}

function isType(type: unknown): type is Applet['type'] {
	return typeof type === 'string' && Object.hasOwn(fieldsOf, type);
}

type Reader = (fields: AppletFields, depth: number) => Applet;

const readers: Readonly<Record<Applet['type'], Reader>> = {
	greeting: (fields) => {
		fields.oneOf(['text', 'audioUrl', 'url'], true);
		return {
			type: 'greeting',
			text: fields.text('text'),
			audioUrl: fields.url('audioUrl'),
			url: fields.url('url'),
		};
	},
	gather: readGather,
	connect: readConnect,
	passthru: readPassthru,
	'switch-case': readSwitchCase,
	voicemail: (fields) => {
		fields.oneOf(['text', 'audioUrl'], false);
		return {
			type: 'voicemail',
			text: fields.text('text'),
			audioUrl: fields.url('audioUrl'),
			messageSeconds: fields.whole('messageSeconds', 0, 3600),
		};
	},
	hangup: () => ({ type: 'hangup' }),
};

function readGather(fields: AppletFields, depth: number): GatherApplet {
	fields.oneOf(['prompt', 'promptAudioUrl', 'url'], true);
	fields.oneOf(['repeatPrompt', 'repeatPromptAudioUrl'], false);
	if (fields.has('url')) fields.without(FROM_ANSWER, 'is not possible with url: the answer of url says it');
	else fields.without(['fallbackUrl'], 'is only possible with url');
	return {
		type: 'gather',
		url: fields.url('url'),
		fallbackUrl: fields.url('fallbackUrl'),
		prompt: fields.text('prompt'),
		promptAudioUrl: fields.url('promptAudioUrl'),
		maxDigits: fields.whole('maxDigits', 1, 255),
		finishOnKey: fields.oneKey('finishOnKey'),
		timeoutSeconds: fields.whole('timeoutSeconds', 1, 255),
		repeats: fields.whole('repeats', 0, 10),
		repeatPrompt: fields.text('repeatPrompt'),
		repeatPromptAudioUrl: fields.url('repeatPromptAudioUrl'),
		digits: fields.keys('digits'),
		keys: fields.has('keys') ? readBranches(fields, 'keys', depth) : undefined,
		noInput: readBranch(fields, 'noInput', depth),
	};
}

function readConnect(fields: AppletFields, depth: number): ConnectApplet {
	const { version = '1.0' } = fields.given;
	if (version !== '1.0' && version !== '1.1') throw fields.wrong('version', 'must be "1.0" or "1.1"');
	return {
		type: 'connect',
		version,
		url: fields.requiredUrl('url'),
		fallbackUrl: fields.url('fallbackUrl'),
		afterConversation: readBranch(fields, 'afterConversation', depth),
		nobodyAnswers: readBranch(fields, 'nobodyAnswers', depth),
		didNotDial: readBranch(fields, 'didNotDial', depth),
	};
}

function readPassthru(fields: AppletFields, depth: number): PassthruApplet {
	const async = fields.flag('async') ?? false;
	if (async)
		fields.without(['onTrue', 'onFalse'], 'is not possible with async: the answer of such a Passthru is ignored');
	return {
		type: 'passthru',
		url: fields.requiredUrl('url'),
		async,
		onTrue: readBranch(fields, 'onTrue', depth),
		onFalse: readBranch(fields, 'onFalse', depth),
	};
}

function readSwitchCase(fields: AppletFields, depth: number): SwitchCaseApplet {
	return { type: 'switch-case', cases: readBranches(fields, 'cases', depth) };
}

function readBranch(fields: AppletFields, name: string, depth: number): Applet[] | undefined {
	return fields.has(name) ? readApplets(fields.given[name], [...fields.path, name], depth + 1) : undefined;
}

/** Branches by name: `cases` by any, `keys` by what is pressed. */
function readBranches(fields: AppletFields, name: 'cases' | 'keys', depth: number): Record<string, Applet[]> {
	const given = fields.given[name];
	const path = [...fields.path, name];
	if (!isObject(given)) throw new FlowError(path, 'must be an object of lists of applets');
	const entries = Object.entries(given);
	if (entries.length === 0 || entries.length > MAX_BRANCHES)
		throw new FlowError(path, `must have 1 to ${MAX_BRANCHES} entries`);
	return Object.fromEntries(
		entries.map(([branch, applets]) => {
			if (name === 'keys' && !areKeys(branch))
				throw new FlowError([...path, branch], 'is no key: names are 1 to 32 of 0-9, * and #');
			if (branch.length === 0 || branch.length > MAX_CASE_NAME)
				throw new FlowError([...path, branch], `must have a name of 1 to ${MAX_CASE_NAME} characters`);
			return [branch, readApplets(applets, [...path, branch], depth + 1)];
		}),
	);
}
