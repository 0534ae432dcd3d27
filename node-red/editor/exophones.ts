/** Suggests the ExoPhones of the chosen account while a user types a number, and all of them at a button. */
import { accountValues, chosenAccount, postToAccount } from './accounts';
import { shared } from './texts';
import { typedBox } from './typed-input';

interface ExoPhone {
	number: string;
	name: string;
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
function matching(list: ExoPhone[], typed: string): { value: string; label: string }[] {
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
			if (account === null) done([]);
			else void exoPhonesOf(account).then((list) => done(matching(list, wanted)));
		},
	};
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
	if (account === null || (await exoPhonesOf(account)).length === 0) {
		RED.notify(shared('form.no-exophones', 'No ExoPhone was found. Open the account and test it.'), 'warning');
		return;
	}
	showsAll = true;
	typedBox(input).find('input.red-ui-typedInput-input').trigger('focus').trigger('keyup');
	showsAll = false;
}
