/**
 * Runs a program, such as npm, that starts further ones, and ends all of them when it is asked to end: at SIGTERM, and
 * at the end of the process that started it (see child.mjs). `node tree.mjs <command> [argument …]`, in a process group
 * of its own where there are such; its exit code is the program's.
 */
import { spawn, spawnSync } from 'node:child_process';

const isWindows = process.platform === 'win32';
const [command, ...args] = process.argv.slice(2);

// Windows has `npm.cmd` only, which Node starts through a shell alone.
const program = command.endsWith('.cmd')
	? spawn(
			command,
			args.map((argument) => `"${argument}"`),
			{ stdio: 'inherit', shell: true },
		)
	: spawn(command, args, { stdio: 'inherit' });

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'])
	process.on(signal, () => {
		if (!isWindows) process.kill(-process.pid, 'SIGKILL');
		spawnSync('taskkill', ['/pid', String(program.pid), '/T', '/F']);
		process.exit(1);
	});
program.on('error', ({ message }) => {
	console.error(message);
	process.exit(1);
});
program.on('exit', (code) => process.exit(code ?? 1));
