/**
 * The kinds of n8n contexts that talk to Exotel, as far as this package uses them.
 */

import type { IExecuteFunctions, ILoadOptionsFunctions, IPollFunctions } from 'n8n-workflow';

/** A node that runs, a list that is loaded in the editor, or a poll. */
export type RequestingFunctions = IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions;
