// Builds elements. Everything shown on the page passes through here as text: nothing is ever parsed as HTML, and an
// address becomes a link only if it is one of the page's own or plain http(s).

const SVG = 'http://www.w3.org/2000/svg';

/**
 * An element with attributes and children. `class`, `on` ({ click: … }), `dataset`, `place` (custom properties, set
 * through the style object so that a strict content security policy holds) have their own meaning; true sets an empty
 * attribute; null, undefined and false are left out.
 */
export function element(name, attributes = {}, ...children) {
	const made = document.createElement(name);
	for (const [key, value] of Object.entries(attributes)) {
		if (value === null || value === undefined || value === false) continue;
		const set = SETTERS[key];
		if (set === undefined) made.setAttribute(key, value === true ? '' : String(value));
		else set(made, value, key);
	}
	append(made, children);
	return made;
}

function setProperty(made, value, key) {
	made[key] = value;
}

/** What is not set as a plain attribute. */
const SETTERS = {
	class: (made, value) => setProperty(made, value, 'className'),
	on: (made, value) => Object.entries(value).forEach(([event, run]) => made.addEventListener(event, run)),
	dataset: (made, value) => Object.assign(made.dataset, value),
	place: (made, value) =>
		Object.entries(value).forEach(([property, length]) => made.style.setProperty(`--${property}`, length)),
	href: setAddress,
	src: setAddress,
	value: setProperty,
	checked: setProperty,
	open: setProperty,
};

/** Adds children: elements as they are, everything else as text; lists are flattened, null and false left out. */
export function append(parent, children) {
	for (const child of children.flat(Infinity)) {
		if (child === null || child === undefined || child === false) continue;
		parent.append(child instanceof Node ? child : document.createTextNode(String(child)));
	}
	return parent;
}

/** Replaces what an element holds. */
export function fill(parent, ...children) {
	parent.replaceChildren();
	return append(parent, children);
}

/** A line drawing from path data of our own. */
export function drawing(path, name = 'glyph') {
	const svg = document.createElementNS(SVG, 'svg');
	svg.setAttribute('viewBox', '0 0 24 24');
	svg.setAttribute('class', name);
	svg.setAttribute('aria-hidden', 'true');
	svg.setAttribute('focusable', 'false');
	const line = document.createElementNS(SVG, 'path');
	line.setAttribute('d', path);
	svg.append(line);
	return svg;
}

/** True for the page's own addresses and for http(s). */
function isSafeAddress(address) {
	return /^(#\/|api\/|\/exotelrecordings\/)/.test(address) || /^https?:\/\//i.test(address);
}

function setAddress(made, address, key) {
	if (!isSafeAddress(address)) return;
	made.setAttribute(key, address);
	if (key === 'href' && !address.startsWith('#')) {
		made.setAttribute('rel', 'noreferrer noopener');
		made.setAttribute('target', '_blank');
	}
}
