/** Every operation of the core, for tests of what holds for each. */
import { getAgentCall } from '../../../exotel/operations/get-agent-call';
import {
	connectAgent,
	connectFlow,
	connectNumbers,
	downloadRecording,
	type FieldSet,
	getCall,
	listCalls,
	lookupNumber,
	type Operation,
	testAccount,
} from '../../../exotel/index';
import { listExoPhones } from '../../../exotel/operations/list-exophones';

export const allOperations: readonly Operation<FieldSet, unknown>[] = [
	connectNumbers,
	connectFlow,
	connectAgent,
	getCall,
	getAgentCall,
	listCalls,
	lookupNumber,
	listExoPhones,
	downloadRecording,
	testAccount,
];
