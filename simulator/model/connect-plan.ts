/** What a Connect answer makes happen, with the documented defaults filled in. */
export interface ConnectPlan {
	/** Who is rung, in order; numbers that cannot be dialled are left out. */
	rings: string[];
	fetchAfterAttempt: boolean;
	record: boolean;
	recordingChannels: 'single' | 'dual';
	ringSeconds: number;
	conversationSeconds: number;
	/** How many are rung at the same time; 1 = one after the other. */
	atOnce: number;
	musicOnHold: { type: string; value: string | null };
	playback: { to: 'both' | 'callee'; type: 'audio_url' | 'text'; value: string } | null;
	outgoingNumber: string | null;
	/** `dial_passthru_event_url` (1.0) or `call_event_passthru_url` (1.1). */
	eventUrl: string | null;
	stateManagement: boolean;
	/** The agent who talked to this caller before is rung first. */
	stickyAgent: boolean;
}
