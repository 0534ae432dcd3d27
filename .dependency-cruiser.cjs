/**
 * Dependencies point one way: the adapters to the core's one door, the core to nothing of ours, the simulator to
 * itself.
 */
module.exports = {
	forbidden: [
		{
			name: 'core-stands-alone',
			comment: 'exotel/ imports nothing of ours',
			severity: 'error',
			from: { path: '^exotel/' },
			to: { path: '^(nodes|credentials|node-red|simulator|test|bench|tools)/' },
		},
		{
			name: 'core-has-no-host',
			comment: 'exotel/ imports no host, no HTTP client, no Node module but crypto',
			severity: 'error',
			from: { path: '^exotel/' },
			to: {
				path: '(^|/)node_modules/(node-red|n8n-[^/]+|axios|undici)/|^(node:)?(http|https|net|tls|fs|dns|os|child_process|worker_threads|timers|process|stream|url|path|events|zlib)$',
			},
		},
		{
			name: 'one-door',
			comment: 'nothing imports past exotel/index.ts',
			severity: 'error',
			from: { path: '^(nodes|credentials|node-red)/' },
			to: { path: '^exotel/', pathNot: '^exotel/index\\.ts$' },
		},
		{
			name: 'simulator-stands-alone',
			comment: 'else one mistake would hide the other',
			severity: 'error',
			from: { path: '^simulator/' },
			to: { path: '^(exotel|nodes|credentials|node-red|test)/' },
		},
		{
			name: 'simulator-model-is-the-lowest-layer',
			comment: 'layers of the simulator: model ← wire ← engine ← api ← index and cli',
			severity: 'error',
			from: { path: '^simulator/model/' },
			to: { path: '^simulator/', pathNot: '^simulator/model/' },
		},
		{
			name: 'simulator-wire-is-pure',
			comment: 'model → bytes; no server, no timer, no file',
			severity: 'error',
			from: { path: '^simulator/wire/' },
			to: {
				path: '^simulator/|^(node:)?(http|https|net|fs|timers|perf_hooks|events)(/|$)',
				pathNot: '^simulator/(model|wire)/',
			},
		},
		{
			name: 'simulator-engine-below-api',
			severity: 'error',
			from: { path: '^simulator/engine/' },
			to: { path: '^simulator/', pathNot: '^simulator/(model|wire|engine)/' },
		},
		{
			name: 'simulator-api-below-entry',
			severity: 'error',
			from: { path: '^simulator/api/' },
			to: { path: '^simulator/', pathNot: '^simulator/(model|wire|engine|api)/' },
		},
		{
			name: 'simulator-folders-have-no-circle',
			severity: 'error',
			scope: 'folder',
			from: { path: '^simulator/' },
			to: { circular: true },
		},
		{
			name: 'simulator-api-parts-apart',
			comment: 'the versions of the API and the control API share the files above them, not each other',
			severity: 'error',
			from: { path: '^simulator/api/(v1|v2|control)/' },
			to: { path: '^simulator/api/(v1|v2|control)/', pathNot: '^simulator/api/$1/' },
		},
		{
			name: 'hosts-apart',
			severity: 'error',
			from: { path: '^node-red/' },
			to: { path: '^(nodes|credentials|simulator)/' },
		},
		{
			name: 'hosts-apart-too',
			severity: 'error',
			from: { path: '^(nodes|credentials)/' },
			to: { path: '^(node-red|simulator)/' },
		},
		{
			name: 'double-stands-alone',
			comment: 'the second double knows the documents only: nothing of ours, no package',
			severity: 'error',
			from: { path: '^test/double/' },
			to: { path: '^(exotel|simulator|nodes|node-red|credentials)/|(^|/)node_modules/' },
		},
		{ name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
		{
			name: 'nothing-unresolved',
			severity: 'error',
			from: { pathNot: '^node-red/dist' },
			to: { couldNotResolve: true },
		},
	],
	options: {
		doNotFollow: { path: 'node_modules' },
		exclude: { path: '(^|/)dist/|\\.generated\\.|/page/|/resources/' },
		tsPreCompilationDeps: true,
		tsConfig: { fileName: 'tsconfig.json' },
		enhancedResolveOptions: {
			extensions: ['.ts', '.js', '.json'],
			exportsFields: ['exports'],
			conditionNames: ['import', 'require', 'node', 'default'],
		},
	},
};
