// A flow to read: its applets in order, and below each the branches with theirs.
import { APPLETS, appletLine, branchesOf } from './flow-words.js';
import { element } from './element.js';

/** The applets as nested lists. */
export function flowOutline(applets) {
	if (applets.length === 0) return element('p', { class: 'outline-end' }, 'the call ends');
	return element(
		'ol',
		{ class: 'outline' },
		applets.map((applet) =>
			element(
				'li',
				{},
				element('span', { class: 'outline-name' }, APPLETS[applet.type]?.name ?? applet.type),
				' ',
				element('span', { class: 'outline-line' }, appletLine(applet)),
				branchesOf(applet).map(({ label, applets: inside }) =>
					element(
						'div',
						{ class: 'outline-branch' },
						element('span', { class: 'mark' }, label),
						flowOutline(inside),
					),
				),
			),
		),
	);
}
