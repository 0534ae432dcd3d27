/**
 * What every operation that changes nothing at Exotel looks like.
 */

import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Session } from '../../host/session';

/** Runs for one item; rejects with an ExotelError. */
export type Operation = (
	functions: IExecuteFunctions,
	session: Session,
	itemIndex: number,
) => Promise<INodeExecutionData[]>;
