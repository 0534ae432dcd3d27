/**
 * Call flows: lists of applets, set through the control API (at Exotel: drawn in the dashboard). A flow belongs to one
 * account or to all.
 */
export interface ConnectApplet {
	type: 'connect';
	version: '1.0' | '1.1';
	url: string;
	fallbackUrl?: string;
	/** next applets after a conversation; default: the next in order */
	afterConversation?: Applet[];
	/** next applets when somebody was rung but nobody answered; default: the next in order */
	nobodyAnswers?: Applet[];
	/** next applets when nobody was rung; default: those of `nobodyAnswers` */
	didNotDial?: Applet[];
}

/** Hands the call to a URL; synchronous, its answer is a verdict. */
export interface PassthruApplet {
	type: 'passthru';
	url: string;
	async?: boolean;
	/** after 200; default: the next in order */
	onTrue?: Applet[];
	/** after 302; default: the next in order */
	onFalse?: Applet[];
	/** Switch Case behind the Passthru: by the `select` of the answer */
	cases?: Record<string, Applet[]>;
}

/** Asks the caller for digits. */
export interface GatherApplet {
	type: 'gather';
	/** asked for the prompt, if given */
	url?: string;
	/** spoken if there is no url */
	prompt?: string;
	/** what the caller presses when the inbound call brought no digits */
	digits?: string;
	maxDigits?: number;
}

/** Says something. */
export interface GreetingApplet {
	type: 'greeting';
	text: string;
}

/** Any applet a flow can hold. */
export type Applet = ConnectApplet | PassthruApplet | GatherApplet | GreetingApplet;

/** A flow; `account` null = for all accounts. */
export interface Flow {
	id: string;
	account: string | null;
	applets: Applet[];
}

const FLOW_LIMIT = 500;
const APPLET_LIMIT = 50;
const DEPTH_LIMIT = 5;

/** The flows of a simulator. */
export class Flows {
	private readonly flows = new Map<string, Flow>();

	/**
	 * Sets a flow.
	 * @throws RangeError naming what is wrong with it
	 */
	set(id: string, definition: unknown, account: string | null): Flow {
		if (!/^[\w.-]{1,64}$/.test(id)) throw new RangeError('a flow id is made of letters, digits, ".", "_" and "-"');
		const applets = readApplets((definition as { applets?: unknown } | null)?.applets, 'applets', 0);
		const flow = { id, account, applets };
		const key = keyOf(id, account);
		if (!this.flows.has(key) && this.flows.size >= FLOW_LIMIT)
			throw new RangeError(`there are ${FLOW_LIMIT} flows already`);
		this.flows.set(key, flow);
		return flow;
	}

	/** The account's own flow of that id, else the one of all accounts. */
	find(id: string, account: string): Flow | null {
		return this.flows.get(keyOf(id, account)) ?? this.flows.get(keyOf(id, null)) ?? null;
	}

	remove(id: string, account: string | null): boolean {
		return this.flows.delete(keyOf(id, account));
	}

	list(): Flow[] {
		return [...this.flows.values()];
	}

	clear(account?: string): void {
		for (const [key, flow] of this.flows)
			if (account === undefined || flow.account === account) this.flows.delete(key);
	}
}

function keyOf(id: string, account: string | null): string {
	return `${account ?? ''}/${id}`;
}

function readApplets(given: unknown, where: string, depth: number): Applet[] {
	if (!Array.isArray(given)) throw new RangeError(`${where} must be an array of applets`);
	if (given.length > APPLET_LIMIT) throw new RangeError(`${where}: at most ${APPLET_LIMIT} applets`);
	if (depth > DEPTH_LIMIT) throw new RangeError(`${where}: branches are nested too deep`);
	return given.map((applet: unknown, index) => readApplet(applet, `${where}[${index}]`, depth));
}

function readApplet(given: unknown, where: string, depth: number): Applet {
	if (typeof given !== 'object' || given === null) throw new RangeError(`${where} must be an object`);
	const applet = given as Record<string, unknown>;
	const text = (name: string) => optionalText(applet[name], `${where}.${name}`);
	const branch = (name: string) =>
		applet[name] === undefined ? undefined : readApplets(applet[name], `${where}.${name}`, depth + 1);
	switch (applet.type) {
		case 'connect': {
			const version = applet.version ?? '1.0';
			if (version !== '1.0' && version !== '1.1') throw new RangeError(`${where}.version must be "1.0" or "1.1"`);
			return {
				type: 'connect',
				version,
				url: requiredUrl(applet.url, `${where}.url`),
				fallbackUrl: applet.fallbackUrl ? requiredUrl(applet.fallbackUrl, `${where}.fallbackUrl`) : undefined,
				afterConversation: branch('afterConversation'),
				nobodyAnswers: branch('nobodyAnswers'),
				didNotDial: branch('didNotDial'),
			};
		}
		case 'passthru': {
			const cases = applet.cases as Record<string, unknown> | undefined;
			return {
				type: 'passthru',
				url: requiredUrl(applet.url, `${where}.url`),
				async: applet.async === true,
				onTrue: branch('onTrue'),
				onFalse: branch('onFalse'),
				cases:
					cases &&
					Object.fromEntries(
						Object.entries(cases).map(([name, list]) => [
							name,
							readApplets(list, `${where}.cases.${name}`, depth + 1),
						]),
					),
			};
		}
		case 'gather':
			return {
				type: 'gather',
				url: applet.url ? requiredUrl(applet.url, `${where}.url`) : undefined,
				prompt: text('prompt'),
				digits: text('digits'),
				maxDigits: typeof applet.maxDigits === 'number' ? applet.maxDigits : undefined,
			};
		case 'greeting':
			return { type: 'greeting', text: text('text') ?? '' };
		default:
			throw new RangeError(`${where}.type must be connect, passthru, gather or greeting`);
	}
}

function optionalText(given: unknown, where: string): string | undefined {
	if (given === undefined || given === null) return undefined;
	if (typeof given !== 'string' || given.length > 2000)
		throw new RangeError(`${where} must be a text of at most 2000 characters`);
	return given;
}

function requiredUrl(given: unknown, where: string): string {
	if (typeof given !== 'string' || given.length > 4096 || !/^https?:\/\//i.test(given) || !URL.canParse(given))
		throw new RangeError(`${where} must be an http or https URL`);
	return given;
}
