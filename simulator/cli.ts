#!/usr/bin/env node
/** The command line: starts a simulator and says how to reach it. Ctrl-C ends it. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { OTHERWISE, OUTCOMES, startSimulator, type AccountOptions, type Flow, type SimulatorOptions } from './index';
import { quirkFrom } from './model/quirks';
import { defaultExoPhones } from './model/account';
import { DEFAULT_ACCOUNT } from './model/accounts';
import { parsedJson } from './model/json';
import { readFlows } from './model/flow-reading';
import { VERSION } from './model/version';

const HELP = `Usage: exotel-simulator [options]

  --port <number>            port to listen on (default 4010, or SIMULATOR_PORT; 0 = any free one)
  --host <address>           address to listen on (default 127.0.0.1)
  --public-url <origin>      where others reach it, for recording URLs (default: the address it listens on)
  --speed <factor>           simulated seconds per real second (default 1; 0 = stands still until advanced)
  --seed <text>              pins what is random: same requests, same SIDs, also after a restart (default: random)
  --start-time <ISO 8601>    where the simulated time begins (default: now)
  --account <SID:KEY:TOKEN>  an account; may be repeated. Without one, any SID, key and token are accepted.
                             SID:KEY:TOKEN:EXOPHONE,… gives it ExoPhones of its own
  --as-seen-in-the-field     let pass what Exotel's documentation does not have and the field is known to send
                             (listed in the README); without it all of that is refused
  --quirk <name=value>       a peculiarity to switch (see the README); may be repeated
  --flows <file>             flows that are there from the start, as GET flows gives them (docs/simulator-flows.md)
  --data <file>              flows, agents and calls survive a restart in this file
  --max-calls <number>       calls kept in memory (default 5000)
  --version, --help
`;

async function main(): Promise<void> {
	const options = readOptions();
	if (!options) return;
	const simulator = await startSimulator(options);
	let stopping = false;
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.on(signal, () => {
			if (stopping) process.exit(1);
			stopping = true;
			void simulator.close().then(() => process.exit(0));
		});
	}
	const account: AccountOptions = options.accounts?.[0] ?? { sid: DEFAULT_ACCOUNT, key: 'key', token: 'token' };
	const rows = [...OUTCOMES, OTHERWISE].map(({ digits, meaning }) => `  ${digits.padEnd(6)}${meaning}`);
	console.log(
		[
			`Exotel simulator ${VERSION} is ready.`,
			`  Base URL   ${simulator.url}`,
			`  SID        ${account.sid}${options.accounts ? '' : '   (any SID, key and token are accepted)'}`,
			`  API key    ${account.key}`,
			`  API token  ${account.token}`,
			`  ExoPhones  ${(account.exoPhones ?? defaultExoPhones).join(', ')}`,
			`  Page       ${simulator.url}/_simulator/`,
			'',
			'The last two digits of a dialled number decide what happens:',
			...rows,
		].join('\n'),
	);
}

function readOptions(): SimulatorOptions | null {
	const { values } = parseArgs({
		options: {
			port: { type: 'string' },
			host: { type: 'string' },
			'public-url': { type: 'string' },
			speed: { type: 'string' },
			seed: { type: 'string' },
			'start-time': { type: 'string' },
			account: { type: 'string', multiple: true },
			'as-seen-in-the-field': { type: 'boolean' },
			quirk: { type: 'string', multiple: true },
			flows: { type: 'string' },
			data: { type: 'string' },
			'max-calls': { type: 'string' },
			version: { type: 'boolean' },
			help: { type: 'boolean' },
		},
	});
	if (values.help || values.version) {
		console.log(values.help ? HELP : VERSION);
		return null;
	}
	return {
		port: numberFrom('--port', values.port ?? process.env.SIMULATOR_PORT),
		host: values.host,
		publicUrl: values['public-url'],
		speed: numberFrom('--speed', values.speed),
		seed: values.seed,
		startTime: values['start-time'],
		accounts: values.account?.map(accountFrom),
		strictness: values['as-seen-in-the-field'] ? 'as-seen-in-the-field' : 'strict',
		quirks: values.quirk?.map(quirkFrom).reduce((all, one) => ({ ...all, ...one }), {}),
		flows: values.flows === undefined ? undefined : flowsIn(values.flows),
		dataFile: values.data,
		maxCalls: numberFrom('--max-calls', values['max-calls']),
	};
}

function numberFrom(name: string, written: string | undefined): number | undefined {
	if (written === undefined || written === '') return undefined;
	const value = Number(written);
	if (!Number.isFinite(value) || value < 0)
		throw new RangeError(`${name} must be a number, 0 or more, not ${written}`);
	return value;
}

function flowsIn(file: string): Flow[] {
	let text: string;
	try {
		text = readFileSync(file, 'utf8');
	} catch (error) {
		throw new RangeError(`the flows file ${file} cannot be read: ${messageOf(error)}`, { cause: error });
	}
	const document = parsedJson(text);
	if (document === undefined) throw new RangeError(`the flows file ${file} cannot be used: it is not JSON`);
	try {
		return readFlows(document);
	} catch (error) {
		throw new RangeError(`the flows file ${file} cannot be used: ${messageOf(error)}`, { cause: error });
	}
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

function accountFrom(argument: string): AccountOptions {
	const [sid, key, ...rest] = argument.split(':');
	const last = rest.at(-1) ?? '';
	// a token may contain colons, so only a list of phone numbers at the end is taken for ExoPhones
	const hasExoPhones = rest.length > 1 && /^\+?\d{8,15}(,\+?\d{8,15})*$/.test(last);
	const token = (hasExoPhones ? rest.slice(0, -1) : rest).join(':');
	if (!sid || !key || token === '')
		throw new RangeError('--account must look like SID:KEY:TOKEN or SID:KEY:TOKEN:EXOPHONE,EXOPHONE');
	return { sid, key, token, ...(hasExoPhones ? { exoPhones: last.split(',') } : {}) };
}

main().catch((error: NodeJS.ErrnoException) => {
	const port = error.code === 'EADDRINUSE' ? ' Another program uses that port; choose one with --port.' : '';
	const help = error.code?.startsWith('ERR_PARSE_ARGS') ? '. --help lists the options.' : '';
	console.error(`exotel-simulator: ${error.message}${port}${help}`);
	process.exit(1);
});
