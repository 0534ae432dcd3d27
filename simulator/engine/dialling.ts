/** What ringing the agents of one Connect answer works with. */
import type { ConnectPlan } from '../model/connect-plan';
import type { FlowRun } from '../model/flow-run';
import type { RunningCall } from './running-call';

/** One round of ringing. */
export interface Dialling {
	running: RunningCall;
	run: FlowRun;
	plan: ConnectPlan;
	version: '1.0' | '1.1';
}
