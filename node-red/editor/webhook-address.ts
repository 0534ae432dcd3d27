/** The webhook of a node in its form: the check of its path, and the address to paste into Exotel. */
import { webhookPath } from '../webhooks/path';
import { accountValues, chosenAccount, postToAccount } from './accounts';
import type { Validity } from './form';
import type { NodeView } from './node-view';
import { plain } from './node-view';
import { shared } from './texts';

/** Validates a webhook path: its form, and that no other node of ours uses it. */
export function checkPath(
	view: NodeView,
	value: unknown,
	{ optional, label }: { optional: boolean; label: string },
): Validity {
	const typed = plain(value).trim();
	if (typed === '')
		return optional || shared('form.path-missing', '__label__: enter one, for example calls', { label });
	const path = webhookPath(typed);
	if (path === null) return shared('form.path-form', '__label__: use only letters, digits, - . _ ~ and /', { label });
	const owner = otherOwner(path, view.node.id);
	return owner === null || shared('form.path-taken', '__label__: already used by __name__', { label, name: owner });
}

/** The name of another enabled node of ours that uses a path. */
function otherOwner(path: string, id: string): string | null {
	let owner: string | null = null;
	RED.nodes.eachNode((node) => {
		if (node.id === id || !node.type.startsWith('exotel-') || node.d === true) return;
		if (webhookPath(plain(node.path) || plain(node.callbackPath)) !== path) return;
		const tab = plain(RED.nodes.workspace(plain(node.z))?.label);
		owner = `${plain(node.name) || node.type.replace('exotel-', '')}${tab && ` (${tab})`}`;
	});
	return owner;
}

/** The runtime's answer about the address of a path. */
interface AddressAnswer {
	url: string | null;
	fault: string | null;
	protected?: boolean;
	/** The address has a login, which is not shown. */
	hasLogin?: boolean;
	probe?: { reached: boolean; detail: string };
}

/** The key of the sentence below the address. */
function noteKey({ probe, fault, protected: isProtected }: AddressAnswer): string {
	if (probe?.detail.startsWith('login-') === true) return `finding.public-url.${probe.detail}`;
	if (probe !== undefined) return probe.reached ? 'form.probe.reached' : 'form.probe.missed';
	if (fault === 'repeated') return 'finding.public-url.repeated';
	if (fault !== null) return `form.address.${fault}`;
	return isProtected === true ? 'form.address.ready' : 'form.address.open';
}

/** The address with its copy and test buttons. */
class AddressBox {
	readonly #output = $(
		'<textarea id="exotel-webhook-url" readonly rows="3" style="width: 70%; resize: vertical; ' +
			'word-break: break-all; color: var(--red-ui-form-text-color);"></textarea>',
	);
	readonly #note = $('<div class="form-tips" role="status" style="margin: 4px 0 0 105px;"></div>');
	readonly #copy = button('clipboard', shared('form.copy', 'Copy the address'));
	readonly #test = button('stethoscope', shared('form.self-test', 'Test the address'));
	readonly #path: JQuery;
	#requests = 0;

	/** `written` makes the address that is shown from that of the path. */
	constructor(
		container: JQuery,
		path: JQuery,
		readonly written: (url: string) => string,
	) {
		this.#path = path;
		const label = $('<label for="exotel-webhook-url" style="vertical-align: top;"></label>');
		label.append('<i class="fa fa-globe"></i> ', document.createTextNode(shared('form.address-label', 'Address')));
		const buttons = $('<div style="margin-left: 101px;"></div>').append(this.#copy, this.#test);
		container.append($('<div class="form-row"></div>').append(label, ' ', this.#output, buttons, this.#note));
		this.#output.on('focus', () => this.#output.trigger('select'));
		this.#copy.on('click', () => {
			const url = plain(this.#output.val());
			if (url !== '') RED.clipboard.copyText(url, this.#copy, shared('form.copied', 'copied'));
		});
		this.#test.on('click', () => this.refresh(true));
		$('#node-input-account').on('change', () => this.refresh(false));
		path.on('change input', () => this.refresh(false));
	}

	/** Shows the address for what was typed; with `probe`, also tests it. */
	refresh(probe: boolean): void {
		// When several requests are under way, only the answer to the last one counts.
		const request = ++this.#requests;
		const account = chosenAccount();
		if (account === null) {
			this.#output.val('');
			this.#note.text(shared('form.address-needs-account', 'Choose an account to see the address.'));
			return;
		}
		if (probe) this.#note.text(shared('form.testing', 'Testing …'));
		const data = { ...accountValues(account), path: this.#path.val(), probe };
		postToAccount<AddressAnswer>(account.id, 'webhook-address', data).then(
			(answer) => {
				if (request === this.#requests) this.#show(answer);
			},
			() => {
				const failed = 'The address could not be fetched. Is Node-RED running?';
				this.#note.text(shared('form.address-failed', failed));
			},
		);
	}

	#show(answer: AddressAnswer): void {
		this.#output.val(answer.url === null ? '' : this.written(answer.url));
		for (const control of [this.#copy, this.#test]) control.prop('disabled', answer.url === null);
		const key = noteKey(answer);
		const note = shared(key, key, { detail: answer.probe?.detail ?? '' });
		const login = answer.hasLogin === true ? ` ${shared('form.address.login', '')}` : '';
		this.#note.text(note + login);
	}
}

function button(icon: string, label: string): JQuery {
	const element = $('<button type="button" class="red-ui-button" style="margin: 4px 0 0 4px;"></button>');
	return element.append(
		$('<i class="fa" aria-hidden="true"></i>').addClass(`fa-${icon}`),
		document.createTextNode(` ${label}`),
	);
}

/**
 * Shows the address to paste into Exotel for what stands in the path's input.
 * @param written makes the address that is shown from that of the path
 * @returns shows it anew
 */
export function showAddress(
	view: NodeView,
	container: string,
	written: (url: string) => string = (url) => url,
): () => void {
	const box = new AddressBox($(container), view.input('path'), written);
	box.refresh(false);
	return () => box.refresh(false);
}
