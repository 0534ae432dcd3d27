/** The options of both starters. */
import { parseArgs } from 'node:util';

/**
 * @param {string[]} args
 * @returns {{ isFresh: boolean, isDemo: boolean }}
 * @throws RangeError naming an option that does not exist
 */
export function startOptions(args) {
	try {
		const { values } = parseArgs({ args, options: { fresh: { type: 'boolean' }, demo: { type: 'boolean' } } });
		return { isFresh: values.fresh === true, isDemo: values.demo === true };
	} catch (error) {
		const options = '--fresh (forget what was drawn) and --demo (a week of calls in the simulator)';
		const message = `${error.message.split('. ')[0]}. The options are ${options}.`;
		throw new RangeError(message, { cause: error });
	}
}
