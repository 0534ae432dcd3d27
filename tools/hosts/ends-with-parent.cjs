/**
 * Loaded with `--require` by the programs of child.mjs: the end of the IPC channel to the parent is what SIGTERM is
 * elsewhere. The channel ends when the parent closes it, and with the parent.
 */
'use strict';

if (process.channel) {
	process.on('disconnect', () => {
		// Before the program has its handlers there is nothing to close.
		if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(143);
	});
	// The channel alone keeps no program running.
	process.channel.unref();
}
