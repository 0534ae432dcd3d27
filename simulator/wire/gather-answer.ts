/** Would Exotel accept this answer to a Gather's request? Fields and defaults: support article 3000084635. */
import { AnswerFields } from './answer-fields';
import { GATHER_DEFAULTS } from '../model/flow';
import { jsonAnswer, type RawAnswer } from './json-answer';
import type { Menu } from '../model/menu';
import { MAX_SPOKEN_LENGTH, type Sound } from '../model/sound';

/** The judgement of an answer; `menu` null = Exotel would refuse it. */
export interface CheckedGather {
	menu: Menu | null;
	reasons: string[];
	notes: string[];
}

/** Checks an answer; collects every reason, not only the first. */
export function checkGatherAnswer(answer: RawAnswer): CheckedGather {
	const { body, reasons } = jsonAnswer(answer);
	if (!body) return { menu: null, reasons, notes: [] };
	const fields = new AnswerFields(body, '', reasons);
	const prompt = soundIn(fields, 'gather_prompt');
	if (prompt === null && body.gather_prompt === undefined)
		reasons.push('gather_prompt is mandatory: { "text": "…" } or { "audio_url": "…" }');
	const repeatPrompt = soundIn(fields, 'repeat_gather_prompt');
	const menu = {
		maxDigits: fields.whole('max_input_digits', { fallback: GATHER_DEFAULTS.maxDigits, max: 255 }),
		finishOnKey: finishingKey(fields),
		timeoutSeconds: fields.whole('input_timeout', { fallback: GATHER_DEFAULTS.timeoutSeconds, max: 255 }),
		repeats: fields.whole('repeat_menu', { fallback: GATHER_DEFAULTS.repeats, min: 0, max: 10 }),
	};
	const usable = prompt !== null && reasons.length === 0;
	return {
		menu: usable ? { ...menu, prompt, repeatPrompt: repeatPrompt ?? prompt } : null,
		reasons,
		notes: fields.notes,
	};
}

function soundIn(fields: AnswerFields, name: string): Sound | null {
	const block = fields.block(name);
	if (!block) return null;
	const text = block.value('text');
	if (typeof text === 'string' && text !== '') return { text: block.cut('text', text, MAX_SPOKEN_LENGTH) };
	const audioUrl = block.url('audio_url');
	if (audioUrl !== null) return { audioUrl };
	if (block.value('audio_url') === undefined) fields.reasons.push(`${name} must have text or audio_url`);
	return null;
}

/** One key; an empty text means none. */
function finishingKey(fields: AnswerFields): string {
	const key = fields.value('finish_on_key') ?? GATHER_DEFAULTS.finishOnKey;
	if (typeof key === 'string' && /^[0-9*#]?$/.test(key)) return key;
	fields.reasons.push('finish_on_key must be one of 0-9, * and #, or empty');
	return GATHER_DEFAULTS.finishOnKey;
}
