/** Suggests the ExoPhones of the chosen account while a user types a number. */
import { accountValues, chosenAccount, postToAccount } from './accounts';

interface ExoPhone {
	number: string;
	name: string;
}

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
			if (account === null) done([]);
			else void exoPhonesOf(account).then((list) => done(matching(list, typed)));
		},
	};
}

/** Opens the list of suggestions on a click; the editor does so after a key only. */
export function suggestOnClick(box: JQuery): void {
	box.off('click.exotel').on('click.exotel', function () {
		if ($(this).hasClass('red-ui-autoComplete')) $(this).trigger('keyup');
	});
}
