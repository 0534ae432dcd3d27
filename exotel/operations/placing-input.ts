/** What a call to place takes, whichever operation places it. */
import type { RawInputOf } from './operation';
import type { connectAgent } from './connect-agent';
import type { connectFlow } from './connect-flow';
import type { connectNumbers } from './connect-numbers';

/** The inputs of the three operations that place a call: a name that none of them has does not compile. */
export type PlacingInput = RawInputOf<typeof connectNumbers> &
	RawInputOf<typeof connectFlow> &
	RawInputOf<typeof connectAgent>;
