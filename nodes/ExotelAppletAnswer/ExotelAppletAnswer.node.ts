/**
 * Answers the question of an applet while the caller is on the line. An answer that Exotel would refuse is not sent:
 * the caller gets the fallback of the trigger, and the reasons are shown on this node.
 */

import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';

import type { AppletAnswer } from '../../exotel';
import { fallbackAnswer } from '../ExotelAppletTrigger/fallback';
import type { Fallback } from '../ExotelAppletTrigger/fallback';
import { failedItem, nodeFailure } from '../host/failure';
import { buildAnswer } from './building';
import { properties } from './form';

/** What the trigger puts beside the question. */
interface Asked extends IDataObject {
	fallback: Fallback & IDataObject;
	answerBy: string;
}

/** Exotel Applet Answer. */
export class ExotelAppletAnswer implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Exotel Applet Answer',
		name: 'exotelAppletAnswer',
		icon: { light: 'file:../../icons/exotel.svg', dark: 'file:../../icons/exotel.dark.svg' },
		group: ['transform'],
		version: [1],
		defaultVersion: 1,
		subtitle: '={{ $parameter["answer"] }}',
		description: 'Answers an Exotel flow that asks whom to connect a caller to or which branch to take',
		defaults: { name: 'Exotel Applet Answer' },
		// An AI agent has no caller on the line to answer.
		usableAsTool: undefined,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const node = this.getNode();
		const asked = askedOf(this);
		if (Date.now() > Date.parse(asked.answerBy)) {
			this.addExecutionHints({
				message:
					'The workflow was too slow: Exotel already got the fallback of the trigger. Move slow steps ' +
					'behind this node.',
				type: 'warning',
				location: 'outputPane',
			});
			return [[{ json: { sent: false, reason: 'too-late' }, pairedItem: { item: 0 } }]];
		}
		let answer: AppletAnswer;
		try {
			answer = buildAnswer(this, asked.fallback);
		} catch (error) {
			await send(this, fallbackAnswer(asked.fallback));
			if (!this.continueOnFail()) throw nodeFailure(node, error, 0);
			return [[failedItem(node, error, 0)]];
		}
		await send(this, answer);
		return [
			[{ json: { sent: true, httpStatus: answer.httpStatus, body: bodyOf(answer) }, pairedItem: { item: 0 } }],
		];
	}
}

/** The question this execution began with. */
function askedOf(functions: IExecuteFunctions): Asked {
	const node = functions.getNode();
	const triggers = functions.getParentNodes(node.name).filter(({ type }) => type.endsWith('.exotelAppletTrigger'));
	if (triggers.length === 0) {
		throw new NodeOperationError(node, 'There is no Exotel Applet Trigger before this node', {
			description:
				'Only a question that came in through an Exotel Applet Trigger can be answered. Start this ' +
				'workflow with one.',
		});
	}
	const asked = triggers.map(({ name }) => questionOf(functions, name)).find((question) => question !== null);
	if (asked === undefined) {
		throw new NodeOperationError(node, 'The Exotel Applet Trigger has asked nothing in this run', {
			description: 'Run the workflow from the trigger: open it, click its button and call your ExoPhone.',
		});
	}
	return asked;
}

/** What one of the triggers before this node asked; null when the execution did not begin with that one. */
function questionOf(functions: IExecuteFunctions, trigger: string): Asked | null {
	try {
		const asked = functions.evaluateExpression(`{{ $(${JSON.stringify(trigger)}).first().json }}`, 0) as
			Partial<Asked> | undefined;
		return asked?.fallback === undefined || asked.answerBy === undefined ? null : (asked as Asked);
	} catch {
		// n8n refuses to read a node that did not run.
		return null;
	}
}

/** As bytes, so that n8n sends status, headers and body exactly as they are. */
async function send(functions: IExecuteFunctions, { httpStatus, headers, body }: AppletAnswer): Promise<void> {
	await functions.sendResponse({ statusCode: httpStatus, headers, body: Buffer.from(body) });
}

/** The sent body, readable in the output panel. */
function bodyOf({ body }: AppletAnswer): IDataObject | string {
	try {
		return JSON.parse(body) as IDataObject;
	} catch {
		return body;
	}
}
