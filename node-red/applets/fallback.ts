/** What a caller gets when the flow gives no answer, as the form of the applet node says. */
import type { Fallback } from '../../exotel/index';
import { text, type Config } from '../host';

/** Reads the fallback of a node; an unknown word counts as the careful choice: dial nobody, second branch. */
export function readFallback(config: Config<'exotel-applet'>): Fallback {
	const connect = text(config, 'fallback');
	const branch = text(config, 'fallbackBranch');
	return {
		connect: connect === 'numbers' || connect === 'url' ? connect : 'nobody',
		numbers: text(config, 'fallbackNumbers'),
		branch: branch === 'first' || branch === 'case' ? branch : 'second',
		caseName: text(config, 'fallbackCase'),
		gather: text(config, 'fallbackGather'),
		greeting: text(config, 'fallbackGreeting'),
	};
}
