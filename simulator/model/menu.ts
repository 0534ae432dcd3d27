/** What a Gather plays and takes, with the documented defaults filled in. */
import type { Sound } from './sound';

/** A prompt and the keys it waits for. */
export interface Menu {
	prompt: Sound;
	maxDigits: number;
	/** Ends the input; empty = no key does. */
	finishOnKey: string;
	/** Seconds without a key after which nothing was pressed. */
	timeoutSeconds: number;
	/** How often the prompt is repeated while nothing is pressed. */
	repeats: number;
	repeatPrompt: Sound;
}
