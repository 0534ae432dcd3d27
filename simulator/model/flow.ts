/**
 * A call flow: applets and their branches, as a tree. At Exotel flows are drawn in the dashboard, here they are set
 * through the control API. A flow belongs to one account or to all. `flow.schema.json` describes the same as JSON
 * Schema, docs/simulator-flows.md field by field.
 *
 * A branch replaces what is left of the list that its applet stands in; after the last applet the call ends. A branch
 * that is not set lets the flow go on with the next applet in order, an empty one ends the call.
 */

/** Says something to the caller: exactly one of `text`, `audioUrl` and `url`. */
export interface GreetingApplet {
	type: 'greeting';
	text?: string;
	/** A sound, fetched and checked. */
	audioUrl?: string;
	/** Requested for the text, or for the URLs of sounds. */
	url?: string;
}

/** Prompts the caller for digits: exactly one of `prompt`, `promptAudioUrl` and `url`. */
export interface GatherApplet {
	type: 'gather';
	prompt?: string;
	promptAudioUrl?: string;
	/** Requested for the prompt and for what is set below down to `repeatPromptAudioUrl`. */
	url?: string;
	/** Requested when `url` is unusable. */
	fallbackUrl?: string;
	/** Default `GATHER_DEFAULTS.maxDigits`. */
	maxDigits?: number;
	/** Default `GATHER_DEFAULTS.finishOnKey`; an empty text = no key. */
	finishOnKey?: string;
	/** Seconds without a key after which the caller has pressed nothing; default `GATHER_DEFAULTS.timeoutSeconds`. */
	timeoutSeconds?: number;
	/** How often the prompt is repeated while nothing is pressed; default 0. */
	repeats?: number;
	/** Default: the prompt. */
	repeatPrompt?: string;
	repeatPromptAudioUrl?: string;
	/** What the caller presses when the inbound call brought no digits. */
	digits?: string;
	/** By what was pressed; default: the next in order. */
	keys?: Record<string, Applet[]>;
	/** Nothing was pressed, or there was no prompt; default: the next in order. */
	noInput?: Applet[];
}

/** Requests whom to ring. */
export interface ConnectApplet {
	type: 'connect';
	version: '1.0' | '1.1';
	url: string;
	fallbackUrl?: string;
	/** Next applets after a conversation; default: the next in order. */
	afterConversation?: Applet[];
	/** Next applets when somebody was rung but nobody answered; default: the next in order. */
	nobodyAnswers?: Applet[];
	/** Next applets when nobody was rung; default: those of `nobodyAnswers`. */
	didNotDial?: Applet[];
}

/** Hands the call to a URL; synchronous, the status of the answer selects the branch. */
export interface PassthruApplet {
	type: 'passthru';
	url: string;
	/** The caller does not wait, the answer is ignored: such a Passthru has no branches. */
	async: boolean;
	/** After 200; default: the next in order. */
	onTrue?: Applet[];
	/** After 302; default: the next in order. */
	onFalse?: Applet[];
}

/** Branches by the `select` of the last Passthru's answer. */
export interface SwitchCaseApplet {
	type: 'switch-case';
	/** By name, compared exactly; default: the next in order. */
	cases: Record<string, Applet[]>;
}

/** Records a message of the caller; at most one of `text` and `audioUrl` is heard before the beep. */
export interface VoicemailApplet {
	type: 'voicemail';
	text?: string;
	audioUrl?: string;
	/** How long the caller speaks; 0 = leaves no message. Default `VOICEMAIL_SECONDS`. */
	messageSeconds?: number;
}

/** Ends the call. */
export interface HangupApplet {
	type: 'hangup';
}

/** Any applet a flow can hold. */
export type Applet =
	GreetingApplet | GatherApplet | ConnectApplet | PassthruApplet | SwitchCaseApplet | VoicemailApplet | HangupApplet;

/** A flow; `account` null = for all accounts. */
export interface Flow {
	id: string;
	account: string | null;
	applets: Applet[];
}

/** What a Gather does where nothing is said (support article 3000084635). */
export const GATHER_DEFAULTS = { maxDigits: 255, finishOnKey: '#', timeoutSeconds: 5, repeats: 0 } as const;
/** Seconds of a voicemail where nothing is said. */
export const VOICEMAIL_SECONDS = 10;
