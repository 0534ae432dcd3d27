/**
 * The fields of the answer to a Greeting applet: what the caller hears. Source: the vendor's support pages, not the API
 * documents (facts 7.6).
 */
import { text, url, type RelatedFields } from '../fields/field';

const source = 'facts 7.6';

/** The fields of a Greeting answer. */
export const greetingAnswerFields = {
	greetingText: text({
		label: 'Greeting (text)',
		description: 'A text that Exotel reads out to the caller. Or fill in a sound file instead.',
		source,
		example: 'Welcome. Your order is on its way.',
		tier: 'main',
		essential: true,
	}),
	greetingUrl: url({
		label: 'Greeting (sound)',
		description: 'Web address of a wav file (8 kHz, 16 bit, mono) that is played instead of the text.',
		source,
		example: 'https://example.com/welcome.wav',
		tier: 'common',
		audio: true,
		essential: true,
	}),
};

/** The fields of a Greeting answer. */
export type GreetingAnswerFields = RelatedFields<typeof greetingAnswerFields>;
