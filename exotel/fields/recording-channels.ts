/**
 * One or two sound tracks: the same choice when a call is placed (seed 001, seed 004) and when an applet is answered
 * (seed 002, seed 003).
 */

import type { FieldDescription } from './description';

/** The sound tracks of a recording. */
export const recordingChannels: FieldDescription = {
	name: 'recordingChannels',
	label: 'Recording channels',
	description: 'One sound track for both people, or one track each. Only when the call is recorded.',
	kind: 'choice',
	options: [
		{ value: 'single', label: 'One track', description: 'Both people on one track.' },
		{ value: 'dual', label: 'Two tracks', description: 'Each person on a track of their own.' },
	],
	default: 'single',
	example: 'dual',
	required: false,
	onlyWith: 'record',
};
