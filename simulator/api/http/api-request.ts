/** A request to one of the simulated APIs that has been authenticated. */
import type { Account } from '../../model/account';
import type { Format } from '../../wire/v1-answer';
import type { Incoming } from './request';
import type { PathParameters } from './router';
import type { Refuse } from './failures';
import type { Reply } from './reply';
import type { Simulation } from '../../engine/simulation';
import type { V2Request } from '../../wire/v2-envelope';

/** What a handler works with. */
export interface ApiRequest {
	simulation: Simulation;
	account: Account;
	incoming: Incoming;
	/** v1 and v2_beta: by the suffix of the path. */
	format: Format;
	/** What a v2 answer repeats of its request. */
	envelope: V2Request;
	parameters: PathParameters;
	/** Words an error the way the API does. */
	refuse: Refuse;
	/** What the API answers for an account it does not know. */
	unknownAccount: () => Reply;
}

/** Serves one endpoint. */
export type ApiHandler = (request: ApiRequest) => Promise<Reply> | Reply;
