/** What is wrong with a flow, and where in its JSON. */

/** Names and indexes from the top of the document. */
export type FlowPath = readonly (string | number)[];

/** A flow that cannot be used; the message names the place and says what belongs there. */
export class FlowError extends RangeError {
	/**
	 * @param path where in the document
	 * @param reason what is wrong there, to be read after the place
	 */
	constructor(
		readonly path: FlowPath,
		reason: string,
	) {
		super(path.length === 0 ? `the flow ${reason}` : `${written(path)} ${reason}`);
	}
}

/** `applets[0].keys.1[0].text`; names that are no plain words in brackets. */
function written(path: FlowPath): string {
	return path
		.map((step, index) => {
			if (typeof step === 'number') return `[${step}]`;
			if (!/^\w{1,40}$/.test(step)) return `[${JSON.stringify(step.slice(0, 40))}]`;
			return index === 0 ? step : `.${step}`;
		})
		.join('');
}
