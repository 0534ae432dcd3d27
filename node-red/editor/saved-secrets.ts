/**
 * Which credentials of an account are saved. The editor learns that when a form opens; until then it is asked here, so
 * that an account without a key is marked on the canvas, too.
 */

/** Of accounts whose form was not opened since the last deploy, by id; null while the answer is under way. */
const known = new Map<string, Record<string, unknown> | null>();
let isWatching = false;

/** True unless it is known that this credential is blank. */
export function mayBeSaved(node: EditorNode, name: string): boolean {
	const { credentials } = node;
	if (credentials !== undefined) return credentials[`has_${name}`] === true || isText(credentials[name]);
	const saved = known.get(node.id);
	if (saved === undefined) ask(node);
	return saved === undefined || saved === null || saved[`has_${name}`] === true;
}

function isText(value: unknown): boolean {
	return typeof value === 'string' && value !== '';
}

function ask(node: EditorNode): void {
	known.set(node.id, null);
	// With a deploy what was typed is saved.
	if (!isWatching) RED.events.on('deploy', () => known.clear());
	isWatching = true;
	void $.getJSON(`credentials/${node.type}/${encodeURIComponent(node.id)}`).then((saved: Record<string, unknown>) => {
		known.set(node.id, saved);
		for (const one of [node, ...(node.users ?? [])]) RED.editor.validateNode(one);
		RED.view.redraw(true);
	});
}
