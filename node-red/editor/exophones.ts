/** Suggests the ExoPhones of the chosen account while a user types a number, and all of them at a button. */
import { accountValues, chosenAccount, postToAccount } from './accounts';
import { shared } from './texts';
import { typedBox } from './typed-input';

interface ExoPhone {
	number: string;
	name: string;
}

/** One entry of the list. */
interface Suggestion {
	value: string;
	label: string;
}

/** True while the button opens the list: whatever stands in the field, all are shown. */
let showsAll = false;

/** Lists already fetched in this editor session, by account and its values. An empty list is fetched again. */
const lists = new Map<string, Promise<ExoPhone[]>>();

function exoPhonesOf(account: EditorNode): Promise<ExoPhone[]> {
	const values = accountValues(account);
	const key = account.id + JSON.stringify(values);
	const known = lists.get(key);
	if (known !== undefined) return known;
	const list = fetchExoPhones(account.id, values);
	lists.set(key, list);
	void list.then((found) => found.length === 0 && lists.delete(key));
	return list;
}

async function fetchExoPhones(id: string, values: Record<string, unknown>): Promise<ExoPhone[]> {
	try {
		const { exoPhones } = await postToAccount<{ exoPhones: ExoPhone[] }>(id, 'exophones', values);
		return exoPhones;
	} catch {
		return [];
	}
}

/** The suggestions for what was typed; all of them when it is one of the numbers already. */
function matching(list: ExoPhone[], typed: string): Suggestion[] {
	const wanted = typed.toLowerCase();
	const complete = list.some(({ number }) => number === typed);
	return list
		.filter(({ number, name }) => complete || `${number} ${name}`.toLowerCase().includes(wanted))
		.map(({ number, name }) => ({ value: number, label: labelOf(number, name) }));
}

/** Exotel often names a number after itself; then it is shown once. */
function labelOf(number: string, name: string): string {
	const digits = name.replace(/\D/g, '').replace(/^0/, '');
	return name === '' || (digits.length > 5 && number.endsWith(digits)) ? number : `${number}  ${name}`;
}

/** A text that suggests the account's ExoPhones; any other number can be typed as well. */
export function exoPhoneType(): TypedInputType {
	return {
		value: 'str',
		label: 'string',
		icon: 'red/images/typedInput/az.svg',
		autoComplete(typed, done) {
			const account = chosenAccount();
			const wanted = showsAll ? '' : typed;
			const field = document.activeElement;
			if (account === null || field === null) done([]);
			else void exoPhonesOf(account).then((list) => showList(field, matching(list, wanted), done));
		},
	};
}

/** The list that is open, or was: its field, and what closes it. */
let shown: { field: Element; close: () => void } | null = null;

/** Opens a list unless its field has lost the focus: the list could lie over another field by now. */
function showList(field: Element, found: Suggestion[], done: (found: Suggestion[]) => void): void {
	if (document.activeElement !== field) return;
	done(found);
	shown = { field, close: () => done([]) };
	for (const event of ['focusin', 'scroll']) document.addEventListener(event, closeList, true);
}

/** Closes the list when the focus goes to another field, and when the form scrolls: the list stays where it is. */
function closeList({ type, target }: Event): void {
	if (shown === null || !(target instanceof Node)) return;
	const { field, close } = shown;
	const isInList = $(target).closest('.red-ui-autoComplete-container').length > 0;
	if (target === field || isInList || (type === 'scroll' && !target.contains(field))) return;
	shown = null;
	for (const event of ['focusin', 'scroll']) document.removeEventListener(event, closeList, true);
	const focused = document.activeElement;
	close();
	// The editor's list gives the focus back to its own field.
	if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
}

/** Opens the list of suggestions on a click; the editor does so after a key only. */
export function suggestOnClick(box: JQuery): void {
	box.off('click.exotel').on('click.exotel', function () {
		if ($(this).hasClass('red-ui-autoComplete')) $(this).trigger('keyup');
	});
}

/** The button behind an ExoPhone's input that opens the list. */
export function exoPhoneButton(input: JQuery): JQuery {
	input.typedInput('width', 'calc(70% - 44px)');
	const title = shared('form.exophones', 'Show the ExoPhones of the account');
	const button = $('<button type="button" class="red-ui-button"><i class="fa fa-caret-down"></i></button>');
	button.attr({ title, 'aria-label': title }).on('click', () => void openList(input));
	// A value that comes with the message is no number of the list.
	input.on('change', () => button.toggle(input.typedInput('type') === 'str'));
	return button;
}

async function openList(input: JQuery): Promise<void> {
	const account = chosenAccount();
	const focused = document.activeElement;
	const isEmpty = account === null || (await exoPhonesOf(account)).length === 0;
	// Whoever has gone on meanwhile stays there.
	if (document.activeElement !== focused) return;
	if (isEmpty) {
		RED.notify(shared('form.no-exophones', 'No ExoPhone was found. Open the account and test it.'), 'warning');
		return;
	}
	showsAll = true;
	typedBox(input).find('input.red-ui-typedInput-input').trigger('focus').trigger('keyup');
	showsAll = false;
}
