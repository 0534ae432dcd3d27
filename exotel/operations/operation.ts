/**
 * What every file of this folder exports: one call of Exotel's API as a pair of pure functions, one that writes the
 * request and one that reads the answer.
 */

import type { Account } from '../account';
import type { HttpRequest, HttpResponse } from '../http/transport';

/** One call of Exotel's API. */
export interface Operation<Input, Result> {
	/** Our name of the operation; also the key of its field descriptions. */
	name: string;
	/**
	 * Checks the input and writes the request.
	 * @throws ExotelError of kind `input` with every violation, before any request exists.
	 */
	request(account: Account, input: Input): HttpRequest;
	/**
	 * Reads a successful answer.
	 * @throws ExotelError when the body is not what Exotel documents or holds an error in spite of a 2xx status.
	 */
	read(response: HttpResponse, account: Account): Result;
}
