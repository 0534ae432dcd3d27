/** What writing a record, a callback or a request depends on besides the call. */
import type { Quirks } from '../model/quirks';

/** One moment of one simulator, as the records written at that moment see it. */
export interface WireContext {
	quirks: Quirks;
	/** As seen in the field, where that differs from the documents. */
	lenient: boolean;
	/** Origin under which recordings can be reached. */
	baseUrl: string;
	/** Epoch milliseconds of simulated time. */
	now: number;
}
