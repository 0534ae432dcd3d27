/**
 * The repository's own lint. (n8n's strict lint runs on a staged copy with its own two-line configuration, see
 * tools/n8n-lint.) Besides the usual rules it holds the style of this repository: every exported symbol of production code
 * is documented, no file is longer than 300 lines and no line than 120 columns, functions stay small, types are not
 * argued with, and the core touches no timer, process or host.
 */
import js from '@eslint/js';
import globals from 'globals';
import jsdoc from 'eslint-plugin-jsdoc';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

const documented = {
	'jsdoc/require-jsdoc': [
		'error',
		{
			publicOnly: true,
			require: { ClassDeclaration: true, FunctionDeclaration: true, MethodDefinition: false },
			contexts: [
				'TSInterfaceDeclaration',
				'TSTypeAliasDeclaration',
				'ExportNamedDeclaration > VariableDeclaration',
			],
		},
	],
};

/** What runs on a user's machine. */
const production = ['exotel/**/*.ts', 'nodes/**/*.ts', 'credentials/**/*.ts', 'node-red/**/*.ts', 'simulator/**/*.ts'];

const size = {
	complexity: ['error', 15],
	'max-params': ['error', 4],
	'max-lines': ['error', { max: 300 }],
	'max-len': ['error', { code: 120, tabWidth: 4, ignoreUrls: true }],
	'no-nested-ternary': 'error',
};

/** Expressions that can take very long on a text made for it. */
const slowExpressions = {
	'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
	'regexp/no-super-linear-move': 'error',
};

/** Rules that look at types. */
const typed = {
	'@typescript-eslint/no-unnecessary-type-assertion': 'error',
	'@typescript-eslint/no-unnecessary-condition': 'error',
	'@typescript-eslint/no-floating-promises': 'error',
	'@typescript-eslint/no-misused-promises': 'error',
};

export default tseslint.config(
	{
		ignores: [
			'**/node_modules/**',
			'**/dist/**',
			'artifacts/**',
			'docs/api/**',
			'coverage/**',
			'reports/**',
			'.stryker-tmp/**',
			'exotel/schemas/*.generated.*',
			'node-red/resources/**',
			'test/fixtures/clients/**',
		],
	},
	js.configs.recommended,
	...tseslint.configs.recommended,
	{
		languageOptions: { ecmaVersion: 2023, globals: { ...globals.node } },
		rules: {
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
			'no-console': 'error',
			eqeqeq: ['error', 'always', { null: 'ignore' }],
		},
	},
	{ files: ['**/*.js', '**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
	{
		files: production,
		plugins: { jsdoc, regexp },
		languageOptions: {
			parserOptions: {
				projectService: { allowDefaultProject: ['node-red/editor/*.ts'] },
				tsconfigRootDir: import.meta.dirname,
			},
		},
		rules: { ...documented, ...size, ...slowExpressions, ...typed },
	},
	{
		files: ['exotel/**/*.ts'],
		languageOptions: { globals: {} },
		rules: {
			'no-restricted-globals': [
				'error',
				'setTimeout',
				'setInterval',
				'setImmediate',
				'clearTimeout',
				'clearInterval',
				'process',
				'global',
				'globalThis',
				'fetch',
				'__dirname',
				'__filename',
			],
			'no-restricted-syntax': [
				'error',
				{
					selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
					message: 'The core reads no clock that was not handed in.',
				},
				{
					selector: "NewExpression[callee.name='Date'][arguments.length=0]",
					message: 'The core reads no clock that was not handed in.',
				},
				{
					selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
					message: 'Chance is handed in.',
				},
			],
		},
	},
	{ files: ['tools/**', 'bench/**', 'gulpfile.js', 'simulator/cli.ts'], rules: { 'no-console': 'off' } },
	{
		files: ['test/**/*.ts'],
		languageOptions: { globals: { ...globals.mocha } },
		rules: { '@typescript-eslint/no-explicit-any': 'off' },
	},
	{
		files: ['test/double/**/*.ts'],
		plugins: { jsdoc },
		rules: { ...documented, '@typescript-eslint/no-explicit-any': 'error' },
	},
	{
		files: ['node-red/editor/**/*.ts', 'node-red/account/editor.ts', 'node-red/nodes/*/editor.ts'],
		languageOptions: {
			globals: { ...globals.browser, ...globals.jquery, RED: 'readonly' },
			parserOptions: { projectService: false, project: 'node-red/editor/tsconfig.json' },
		},
		rules: {
			complexity: ['error', 15],
			'max-params': ['error', 4],
			'no-nested-ternary': 'error',
			'max-len': ['error', { code: 120, tabWidth: 4 }],
			'@typescript-eslint/no-non-null-assertion': 'error',
			'@typescript-eslint/no-unnecessary-condition': 'error',
			'@typescript-eslint/no-unnecessary-type-assertion': 'error',
			'@typescript-eslint/no-unsafe-assignment': 'error',
			'@typescript-eslint/no-floating-promises': 'error',
		},
	},
	{
		files: ['simulator/page/**/*.js'],
		languageOptions: { sourceType: 'script', globals: { ...globals.browser, ...globals.jquery, RED: 'readonly' } },
	},
);
