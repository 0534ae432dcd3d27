/**
 * One description of what a user fills in, or of what Exotel requests, in the core's own words. From each the case of
 * n8n (in-n8n.ts) and the case of Node-RED (in-node-red.ts) are derived.
 */
import type { Answer, Data, Incoming } from '../recorded/case';

/** What Exotel or the clock does after a call was placed. */
export type Later =
	/** A callback to the address that the request named; `of` counts requests from 0. */
	| { report: string | Incoming; of?: number }
	/** A callback to the same webhook that names no attempt. */
	| { reportWithoutAttempt: string | Incoming }
	| { advance: number };

interface Description {
	/** What the hosts have to agree on, as a sentence. */
	name: string;
	/** What differs from the usual account. */
	account?: Data;
	/** What Exotel responds, request by request; a request that only n8n makes is not among them. */
	answers?: (string | Answer)[];
}

/** A call is placed. */
export interface Placing extends Description {
	operation: 'connectNumbers' | 'connectFlow' | 'connectAgent';
	fields: Data;
	/** True: the host follows the call to its end, and `later` says what it gets to know. */
	follows?: boolean;
	later?: Later[];
	/** Where this host is reached from outside, instead of its usual public address, and whether Exotel cannot reach it. */
	publicUrl?: { address: string; isPrivate: boolean };
}

/** Something is read. */
export interface Reading extends Description {
	operation: 'getCall' | 'listCalls' | 'lookupNumber' | 'getRecording' | 'listExoPhones';
	fields: Data;
	/** How often the same thing is read at once. */
	times?: number;
	later?: { advance: number }[];
}

/** Exotel reports calls that were placed elsewhere. */
export interface Reporting extends Description {
	operation: 'callEvents';
	requests: { incoming: string | Incoming; with?: Incoming; token?: string | null }[];
	webhook?: Webhook;
}

/** An applet of Exotel's requests an answer. */
export interface Answering extends Description {
	operation: 'applet';
	/** The applet that is set up; the requests may be others. */
	applet?: 'connect' | 'gather' | 'greeting' | 'passthru';
	request: string | Incoming;
	token?: string | null;
	/** Null when the flow gives no answer at all. */
	answer: { answer?: string; fields?: Data; branch?: string; caseName?: string; own?: unknown } | null;
	fallback?: { destinations?: string; branch?: 'first' | 'second'; words?: string };
	webhook?: Webhook;
}

/** Who may call a webhook. */
export interface Webhook {
	/** `anyone`: no token is asked for. */
	token?: string;
	previousToken?: string;
	allowedAddresses?: string;
	/** A proxy on this machine is believed. */
	behindProxy?: boolean;
}

export type SharedCase = Placing | Reading | Reporting | Answering;
