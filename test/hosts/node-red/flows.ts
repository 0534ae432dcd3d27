/**
 * Flows for the tests on real hosts, built from few pieces: the account, a button, our node, and a tap into the sink.
 */
import { EXO_PHONE, SID, type FlowNode } from './stage';

/** The account on the simulator; its credentials are added when the stage deploys. */
export const account = (simulatorUrl: string, publicUrl: string, more: Record<string, unknown> = {}): FlowNode => ({
	id: 'account',
	type: 'exotel-account',
	name: 'Simulator',
	region: 'custom',
	baseUrl: simulatorUrl,
	sid: SID,
	publicUrl,
	timeZone: 'Asia/Kolkata',
	defaultCountry: 'IN',
	requestsPerMinute: '6000',
	allowedAddresses: '',
	trustedProxies: '',
	anyoneMayCall: false,
	confirmEnds: false,
	...more,
});

export const tab = (id = 'tab'): FlowNode => ({ id, type: 'tab', label: 'Stage', disabled: false, info: '', env: [] });

/** A button that sends `payload` (JSON). */
export const button = (id: string, to: string, payload: unknown = {}): FlowNode => ({
	id,
	type: 'inject',
	z: 'tab',
	name: id,
	props: [{ p: 'payload' }, { p: 'topic', vt: 'str' }],
	repeat: '',
	once: false,
	topic: 'kept',
	payload: JSON.stringify(payload),
	payloadType: 'json',
	x: 100,
	y: 100,
	wires: [[to]],
});

/** Two nodes that post every message to the sink under the name `at`. Wire to `id`. */
export const tap = (id: string, at: string, sinkUrl: string): FlowNode[] => [
	{
		id,
		type: 'function',
		z: 'tab',
		name: `tap ${at}`,
		func: `const n = (global.get('taps') || 0) + 1;
global.set('taps', n);
const { req, res, ...kept } = msg;
return { payload: { at: '${at}', n, msg: kept }, headers: { 'content-type': 'application/json' } };`,
		outputs: 1,
		x: 500,
		y: 100,
		wires: [[`${id}-post`]],
	},
	{
		id: `${id}-post`,
		type: 'http request',
		z: 'tab',
		name: '',
		method: 'POST',
		ret: 'txt',
		url: sinkUrl,
		senderr: false,
		x: 700,
		y: 100,
		wires: [[]],
	},
];

/** Reports every error of the tab at "caught". */
export const catcher = (sinkUrl: string): FlowNode[] => [
	{
		id: 'catch',
		type: 'catch',
		z: 'tab',
		name: '',
		scope: null,
		uncaught: false,
		x: 100,
		y: 400,
		wires: [['caught']],
	},
	...tap('caught', 'caught', sinkUrl),
];

/** A followed v1 call between two numbers: button `go`, taps placed, progress and ended. */
export const callFlow = (accountNode: FlowNode, sinkUrl: string, more: Record<string, unknown> = {}): FlowNode[] => [
	tab(),
	accountNode,
	button('go', 'call'),
	{
		id: 'call',
		type: 'exotel-make-call',
		z: 'tab',
		name: '',
		account: accountNode.id,
		mode: 'numbers',
		from: '+919876543210',
		fromType: 'str',
		to: '+919812345678',
		toType: 'str',
		exoPhone: EXO_PHONE,
		exoPhoneType: 'str',
		record: 'true',
		recordType: 'bool',
		follow: true,
		x: 300,
		y: 100,
		wires: [['placed'], ['progress'], ['ended']],
		...more,
	},
	...tap('placed', 'placed', sinkUrl),
	...tap('progress', 'progress', sinkUrl),
	...tap('ended', 'ended', sinkUrl),
	...catcher(sinkUrl),
];
