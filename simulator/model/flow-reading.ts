/** Reads a flow as the control API and the programmatic entry take it. */
import { isObject } from './json';
import type { Applet, ConnectApplet, PassthruApplet } from './flow';

const MAX_APPLETS = 50;
const MAX_DEPTH = 5;
/** Keeps memory bounded. */
const MAX_FLOW_LENGTH = 65_536;

/**
 * Reads the applets of a flow.
 * @throws RangeError naming what is wrong with which applet
 */
export function readFlow(definition: unknown): Applet[] {
	const applets = readApplets(isObject(definition) ? definition.applets : undefined, 'applets', 0);
	if (JSON.stringify(applets).length > MAX_FLOW_LENGTH)
		throw new RangeError(`applets: at most ${MAX_FLOW_LENGTH} characters, written as JSON`);
	return applets;
}

function readApplets(given: unknown, where: string, depth: number): Applet[] {
	if (!Array.isArray(given)) throw new RangeError(`${where} must be an array of applets`);
	if (given.length > MAX_APPLETS) throw new RangeError(`${where}: at most ${MAX_APPLETS} applets`);
	if (depth > MAX_DEPTH) throw new RangeError(`${where}: branches are nested too deep`);
	return given.map((applet: unknown, index) => readApplet(applet, `${where}[${index}]`, depth));
}

function readApplet(given: unknown, where: string, depth: number): Applet {
	if (!isObject(given)) throw new RangeError(`${where} must be an object`);
	const read = Object.hasOwn(readers, String(given.type)) ? readers[String(given.type)] : undefined;
	if (!read) throw new RangeError(`${where}.type must be connect, passthru, gather or greeting`);
	return read(given, where, depth);
}

type AppletReader = (applet: Record<string, unknown>, where: string, depth: number) => Applet;

const readers: Readonly<Record<string, AppletReader>> = {
	connect: readConnect,
	passthru: readPassthru,
	gather: (applet, where) => ({
		type: 'gather',
		url: optionalUrl(applet.url, `${where}.url`),
		prompt: optionalText(applet.prompt, `${where}.prompt`),
		digits: optionalText(applet.digits, `${where}.digits`),
		maxDigits: typeof applet.maxDigits === 'number' ? applet.maxDigits : undefined,
	}),
	greeting: (applet, where) => ({ type: 'greeting', text: optionalText(applet.text, `${where}.text`) ?? '' }),
};

function readConnect(applet: Record<string, unknown>, where: string, depth: number): ConnectApplet {
	const version = applet.version ?? '1.0';
	if (version !== '1.0' && version !== '1.1') throw new RangeError(`${where}.version must be "1.0" or "1.1"`);
	const branch = (name: string) => optionalApplets(applet[name], `${where}.${name}`, depth + 1);
	return {
		type: 'connect',
		version,
		url: requiredUrl(applet.url, `${where}.url`),
		fallbackUrl: optionalUrl(applet.fallbackUrl, `${where}.fallbackUrl`),
		afterConversation: branch('afterConversation'),
		nobodyAnswers: branch('nobodyAnswers'),
		didNotDial: branch('didNotDial'),
	};
}

function readPassthru(applet: Record<string, unknown>, where: string, depth: number): PassthruApplet {
	const branch = (name: string) => optionalApplets(applet[name], `${where}.${name}`, depth + 1);
	return {
		type: 'passthru',
		url: requiredUrl(applet.url, `${where}.url`),
		async: applet.async === true,
		onTrue: branch('onTrue'),
		onFalse: branch('onFalse'),
		cases: applet.cases ? readCases(applet.cases, `${where}.cases`, depth + 1) : undefined,
	};
}

function readCases(given: unknown, where: string, depth: number): Record<string, Applet[]> {
	if (!isObject(given)) throw new RangeError(`${where} must be an object of lists of applets`);
	return Object.fromEntries(
		Object.entries(given).map(([name, list]) => [name, readApplets(list, `${where}.${name}`, depth)]),
	);
}

function optionalApplets(given: unknown, where: string, depth: number): Applet[] | undefined {
	return given === undefined ? undefined : readApplets(given, where, depth);
}

function optionalText(given: unknown, where: string): string | undefined {
	if (given === undefined || given === null) return undefined;
	if (typeof given !== 'string' || given.length > 2000)
		throw new RangeError(`${where} must be a text of at most 2000 characters`);
	return given;
}

function optionalUrl(given: unknown, where: string): string | undefined {
	return given ? requiredUrl(given, where) : undefined;
}

function requiredUrl(given: unknown, where: string): string {
	if (typeof given !== 'string' || given.length > 4096 || !/^https?:\/\//i.test(given) || !URL.canParse(given))
		throw new RangeError(`${where} must be an http or https URL`);
	return given;
}
