/** The Voicemail applet: the caller hears a prompt and a beep and leaves a message, which is recorded (seed 002). */
import { hear } from './sounds';
import { note, noteHeard } from '../model/call';
import { soundOf } from '../model/sound';
import { VOICEMAIL_SECONDS, type VoicemailApplet } from '../model/flow';
import type { FlowRun } from '../model/flow-run';
import type { RunningCall } from './running-call';

/** Simulated seconds of the prompt. */
const PROMPT_SECONDS = 3;

/** Later applet requests say CallType voicemail and name the recording, if a message was left. */
export async function runVoicemail(running: RunningCall, run: FlowRun, applet: VoicemailApplet): Promise<void> {
	const { call } = running;
	const { messageSeconds = VOICEMAIL_SECONDS } = applet;
	run.callType = 'voicemail';
	const prompt = soundOf(applet.text, applet.audioUrl);
	if (prompt) {
		await hear(running, prompt);
		await running.pass(PROMPT_SECONDS);
	}
	noteHeard(call, 'a beep');
	note(call, 'voicemail', 'from', messageSeconds === 0 ? 'no message' : `a message of ${messageSeconds} s`);
	await running.pass(messageSeconds);
	call.voicemailSeconds += messageSeconds;
}
