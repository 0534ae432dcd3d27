// Applies the colours chosen earlier before anything is painted, so that the page does not flash. The button is in
// theme.js.
(() => {
	try {
		const chosen = localStorage.getItem('exotel-simulator-colours');
		if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
	} catch {
		// Storage can be forbidden; then the system's colours are used.
	}
})();
