/**
 * What a caller gets when the workflow does not answer in time, and what Exotel's Fallback URL gets at once: the
 * destinations, the words or the branch the user fixed beforehand. The core decides what of it can be used.
 */

import type { IDataObject, INodeProperties, NodeParameterValueType } from 'n8n-workflow';

import { appletKinds, fallbackAnswer, fallbackFields, fallbackViolations } from '../../exotel';
import type { AppletAnswer, AppletKind, AppletRequest, ConnectVersion, Fallback, Violation } from '../../exotel';
import { property } from './property';

/** The fallback of one request as plain data: it travels with the request to the answering node. */
export interface RequestFallback extends IDataObject {
	applet: AppletKind;
	version: ConnectVersion | null;
	/** Destinations as the user typed them. */
	destinations: string;
	branch: 'first' | 'second';
	/** What the caller hears, at a Gather or a Greeting; absent for the usual words. */
	words?: string;
	defaultCountry: string;
}

/** Fields in which the user fixes the fallback. */
export const fallbackProperties: INodeProperties[] = [
	property(fallbackFields, 'fallbackNumbers', {
		name: 'fallbackDestinations',
		required: false,
		displayOptions: { show: { applet: ['connect'] } },
	}),
	{
		displayName:
			'Without fallback destinations, a caller whose workflow fails, is too slow or ends without an answer ' +
			'is connected to <b>nobody</b>.',
		name: 'nobody',
		type: 'notice',
		displayOptions: { show: { applet: ['connect'], fallbackDestinations: [''] } },
		default: '',
	},
	property(fallbackFields, 'fallbackGather', {
		name: 'fallbackWords',
		displayOptions: { show: { applet: ['gather'] } },
	}),
	property(fallbackFields, 'fallbackGreeting', {
		name: 'fallbackWords',
		displayOptions: { show: { applet: ['greeting'] } },
	}),
	{
		displayName: 'Fallback Branch',
		name: 'fallbackBranch',
		type: 'options',
		displayOptions: { show: { applet: ['passthru'] } },
		options: [
			{ name: 'First Branch', value: 'first', description: 'The one Exotel takes for the answer 200' },
			{ name: 'Second Branch', value: 'second', description: 'The one Exotel takes for the answer 302' },
		],
		default: 'second',
		description: 'How the call goes on when the workflow fails or is too slow',
	},
];

/** Reads parameters of the trigger. */
export interface TriggerFunctions {
	getNodeParameter(name: string, fallback?: unknown): NodeParameterValueType | object;
}

/** The applet that the user chose. */
export function chosenApplet(functions: TriggerFunctions): AppletKind {
	const chosen = functions.getNodeParameter('applet');
	return appletKinds.find((kind) => kind === chosen) ?? 'connect';
}

/** The fallback of the node's settings, for a request of this applet. */
export function fallbackOf(
	functions: TriggerFunctions,
	{ kind, version }: Pick<AppletRequest, 'kind' | 'version'>,
	defaultCountry: string,
): RequestFallback {
	// What was typed for one applet is not said by another.
	const words = chosenApplet(functions) === kind ? String(functions.getNodeParameter('fallbackWords', '')) : '';
	return {
		applet: kind,
		version,
		destinations: String(functions.getNodeParameter('fallbackDestinations', '')),
		branch: functions.getNodeParameter('fallbackBranch', 'second') === 'first' ? 'first' : 'second',
		...(words === '' ? {} : { words }),
		defaultCountry,
	};
}

function coreFallback({ applet, destinations, branch, words }: RequestFallback): Fallback {
	const spoken = applet === 'gather' || applet === 'greeting' ? { [applet]: words } : {};
	return { connect: destinations.trim() === '' ? 'nobody' : 'numbers', numbers: destinations, branch, ...spoken };
}

/** The finished fallback. */
export function answerOf(fallback: RequestFallback): AppletAnswer {
	const { applet, version, defaultCountry } = fallback;
	return fallbackAnswer(coreFallback(fallback), { kind: applet, version }, { defaultCountry });
}

/** What is wrong with the settings; none of it keeps the usable destinations from being called. */
export function violationsOf(fallback: RequestFallback): Violation[] {
	return fallbackViolations(coreFallback(fallback), { defaultCountry: fallback.defaultCountry });
}
