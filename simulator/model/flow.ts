/**
 * A call flow: applets and their branches, as a tree. At Exotel flows are drawn in the dashboard, here they are set
 * through the control API. A flow belongs to one account or to all.
 */

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

/** Hands the call to a URL; synchronous, its answer selects the branch. */
export interface PassthruApplet {
	type: 'passthru';
	url: string;
	async?: boolean;
	/** After 200; default: the next in order. */
	onTrue?: Applet[];
	/** After 302; default: the next in order. */
	onFalse?: Applet[];
	/** Switch Case behind the Passthru: by the `select` of the answer. */
	cases?: Record<string, Applet[]>;
}

/** Prompts the caller for digits. */
export interface GatherApplet {
	type: 'gather';
	/** Requested for the prompt, if given. */
	url?: string;
	/** Spoken if there is no url. */
	prompt?: string;
	/** What the caller presses when the inbound call brought no digits. */
	digits?: string;
	maxDigits?: number;
}

/** Says something. */
export interface GreetingApplet {
	type: 'greeting';
	text: string;
}

/** Any applet a flow can hold. */
export type Applet = ConnectApplet | PassthruApplet | GatherApplet | GreetingApplet;

/** A flow; `account` null = for all accounts. */
export interface Flow {
	id: string;
	account: string | null;
	applets: Applet[];
}
