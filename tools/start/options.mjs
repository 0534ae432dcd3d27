/** The options of both starters. */
import { parseArgs } from 'node:util';

/**
 * @param {string[]} args
 * @returns {{ isFresh: boolean }}
 * @throws RangeError naming an option that does not exist
 */
export function startOptions(args) {
	try {
		const { values } = parseArgs({ args, options: { fresh: { type: 'boolean' } } });
		return { isFresh: values.fresh === true };
	} catch (error) {
		const message = `${error.message.split('. ')[0]}. The only option is --fresh: forget what was drawn.`;
		throw new RangeError(message, { cause: error });
	}
}
