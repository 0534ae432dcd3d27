/** Characters that are spoken at most; a longer text in an answer is cut. */
export const MAX_SPOKEN_LENGTH = 2000;

/** Something the caller is to hear: words that are spoken, or a sound behind a URL. */
export type Sound = { text: string } | { audioUrl: string };

/** The first that is given; null if none is. */
export function soundOf(text: string | undefined, audioUrl: string | undefined): Sound | null {
	if (text !== undefined) return { text };
	return audioUrl === undefined ? null : { audioUrl };
}

/** As the story of a call says it. */
export function soundWords(sound: Sound): string {
	return 'text' in sound ? `"${sound.text}"` : `the sound ${sound.audioUrl}`;
}
