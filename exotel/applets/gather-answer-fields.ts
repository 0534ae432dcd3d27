/**
 * The fields of the answer to a Gather applet: what the caller hears, and which keys are waited for. Source: the
 * vendor's support pages, not the API documents (facts 7.6).
 */
import { integer, text, url, type RelatedFields } from '../fields/field';

const source = 'facts 7.6';

/** The fields of a Gather answer. */
export const gatherAnswerFields = {
	promptText: text({
		label: 'Prompt (text)',
		description: 'A text that Exotel reads out before it waits for keys. Or fill in a sound file instead.',
		parameter: 'gather_prompt.text',
		source,
		example: 'For sales press 1, for service press 2.',
		tier: 'main',
		essential: true,
	}),
	promptUrl: url({
		label: 'Prompt (sound)',
		description: 'Web address of a wav file (8 kHz, 16 bit, mono) that is played instead of the text.',
		parameter: 'gather_prompt.audio_url',
		source,
		example: 'https://example.com/menu.wav',
		tier: 'common',
		audio: true,
		essential: true,
	}),
	maxDigits: integer({
		label: 'Number of keys',
		description: 'The flow goes on after so many keys. 1 for a menu.',
		parameter: 'max_input_digits',
		source,
		unit: 'keys',
		min: 1,
		max: 255,
		default: 255,
		example: 1,
		tier: 'common',
	}),
	finishOnKey: text({
		label: 'Finish with key',
		description: 'The key that ends the input: #, * or a digit. "none" for no such key.',
		parameter: 'finish_on_key',
		source,
		example: '#',
		pattern: { form: /^(?:[0-9*#]|none)$/i, rule: 'must be one key (#, * or a digit) or "none"' },
	}),
	keyTimeoutSeconds: integer({
		label: 'Wait for a key (seconds)',
		description: 'How long Exotel waits for the next key.',
		parameter: 'input_timeout',
		source,
		unit: 'seconds',
		min: 1,
		default: 5,
		example: 6,
	}),
	repeats: integer({
		label: 'Ask again (times)',
		description: 'How often the caller is asked again when no key was pressed.',
		parameter: 'repeat_menu',
		source,
		unit: 'times',
		min: 0,
		default: 0,
		example: 2,
	}),
	repeatText: text({
		label: 'Repeated prompt (text)',
		description: 'Blank: the same as the first time.',
		parameter: 'repeat_gather_prompt.text',
		source,
		example: 'Please press 1 or 2.',
		dependsOn: 'repeats',
	}),
	repeatUrl: url({
		label: 'Repeated prompt (sound)',
		description: 'Web address of a wav file (8 kHz, 16 bit, mono), instead of the text.',
		parameter: 'repeat_gather_prompt.audio_url',
		source,
		example: 'https://example.com/menu-again.wav',
		dependsOn: 'repeats',
		audio: true,
	}),
};

/** The fields of a Gather answer. */
export type GatherAnswerFields = RelatedFields<typeof gatherAnswerFields>;
