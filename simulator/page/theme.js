// The colours button: as the system has it → light → dark. The choice is remembered in this browser.

const KEY = 'exotel-simulator-colours';
const ORDER = ['system', 'light', 'dark'];
const WORDS = { system: 'as the system has it', light: 'light', dark: 'dark' };

/** Makes the button work. */
export function startTheme(button) {
	const show = (choice) => {
		const label = `Colours: ${WORDS[choice]}`;
		button.setAttribute('aria-label', label);
		button.title = label;
		button.dataset.choice = choice;
	};
	let choice = document.documentElement.dataset.theme ?? 'system';
	show(choice);
	button.addEventListener('click', () => {
		choice = ORDER[(ORDER.indexOf(choice) + 1) % ORDER.length];
		if (choice === 'system') delete document.documentElement.dataset.theme;
		else document.documentElement.dataset.theme = choice;
		remember(choice);
		show(choice);
	});
}

function remember(choice) {
	try {
		if (choice === 'system') localStorage.removeItem(KEY);
		else localStorage.setItem(KEY, choice);
	} catch {
		// Without storage the choice lasts until the page is closed.
	}
}
