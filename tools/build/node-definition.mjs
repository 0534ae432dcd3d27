/**
 * Writes what Node-RED and the flow library read of a form: a literal `registerType` with literal `defaults` (the
 * library parses the file without running it). Every function only calls the global `exotelEditor`.
 */

const ACCOUNT_LABEL = "RED._('@exonodes/node-red-exotel/exotel-account:exotel-account.label.account')";

/** Wraps a list of lines as the body of an object, indented by one tab. */
const indented = (lines) => lines.map((line) => line.replace(/^/gm, '\t')).join(',\n');

const validator = (name) => `function (value, opt) {
	return exotelEditor.validate(this, '${name}', value, opt);
}`;

function property(name, parts) {
	const written = Object.entries(parts).map(([key, code]) => `${key}: ${code}`);
	if (parts.validate === undefined) return `${name}: { ${written.join(', ')} }`;
	return `${name}: {\n${indented(written)}\n}`;
}

/** Value and type of a field in a new node. */
function fieldDefault(form, name, kind) {
	const usual = {
		boolean: ['false', 'bool'],
		integer: ['', 'num'],
		number: ['', 'num'],
		choice: ['', 'choice'],
		'multi-choice': ['', 'choice'],
	}[kind] ?? ['', 'str'];
	const own = form.defaults?.[name];
	return typeof own === 'string' ? [own, usual[1]] : (own ?? usual);
}

function fieldProperties(form, name) {
	const source = Object.values(form.sources).find(({ fields }) => name in fields);
	const [value, type] = fieldDefault(form, name, source.fields[name].kind);
	return [
		property(name, { value: JSON.stringify(value), validate: validator(name) }),
		property(`${name}Type`, { value: JSON.stringify(type) }),
	];
}

function ownProperties(name, { value, typed, required, check }) {
	const parts = { value: JSON.stringify(value) };
	if (required) parts.required = 'true';
	if (check) parts.validate = validator(name);
	const type = typed ? [property(`${name}Type`, { value: JSON.stringify(typed.type) })] : [];
	return [property(name, parts), ...type];
}

/** Every property that is saved with a node. */
function defaultsOf(form, fieldNames) {
	const account = property('account', { type: "'exotel-account'", required: 'true', label: ACCOUNT_LABEL });
	return [
		property('name', { value: "''" }),
		property('configVersion', { value: '1' }),
		...(form.account ? [account] : []),
		...fieldNames(form).flatMap((name) => fieldProperties(form, name)),
		...Object.entries(form.own).flatMap(([name, own]) => ownProperties(name, own)),
	];
}

const call = (name, ...parameters) =>
	`function (${parameters.join(', ')}) {\n\treturn exotelEditor.${name}(${['this', ...parameters].join(', ')});\n}`;

function lookOf(form) {
	if (form.config) return ["category: 'config'"];
	return [
		"category: 'exotel'",
		"color: '#C0DEED'",
		"icon: 'exotel.svg'",
		`inputs: ${form.inputs}`,
		`outputs: ${form.outputs}`,
		...(form.align ? [`align: '${form.align}'`] : []),
		`paletteLabel: '${form.paletteLabel}'`,
	];
}

/** The script of a node type's packed html file. */
export function nodeDefinition(form, fieldNames) {
	const credentials = (form.credentials ?? []).map((name) => `${name}: { type: 'password' }`);
	const lines = [
		...lookOf(form),
		`defaults: {\n${indented(defaultsOf(form, fieldNames))}\n}`,
		...(credentials.length > 0 ? [`credentials: {\n${indented(credentials)}\n}`] : []),
		...(form.inputLabel ? [`inputLabels: ${call('inputLabel')}`] : []),
		...(form.outputLabel ? [`outputLabels: ${call('outputLabel', 'index')}`] : []),
		`label: ${call('label')}`,
		`labelStyle: ${call('labelStyle')}`,
		...(form.account ? [`onadd: ${call('added')}`] : []),
		`oneditprepare: ${call('open')}`,
		`oneditsave: ${call('save')}`,
		`oneditcancel: ${call('cancel')}`,
	];
	return `<script type="text/javascript">\nRED.nodes.registerType('${form.type}', {\n${indented(lines)}\n});\n</script>\n`;
}
