/**
 * The account that all examples share. Node-RED asks what to do when a flow is imported with a node that is there
 * already, so the examples name the account without bringing it: it is made here with the first of them, for the
 * simulator on this machine and this Node-RED, and needs no key.
 */

/** The id by which the nodes of every example name it. */
const ID = 'e000000000000001';

const SIMULATOR = {
	id: ID,
	type: 'exotel-account',
	name: 'Simulator',
	configVersion: 1,
	region: 'custom',
	baseUrl: 'http://127.0.0.1:4010',
	sid: 'acme1',
	timeZone: 'Asia/Kolkata',
	defaultCountry: 'IN',
	requestsPerMinute: '200',
	allowedAddresses: '',
	trustedProxies: '',
};

/** Watches what is imported. */
export function watchImports(): void {
	let timer: ReturnType<typeof setTimeout> | undefined;
	RED.events.on('nodes:add', (node) => {
		if (node['account'] !== ID || RED.nodes.node(ID)) return;
		// The nodes of an import arrive one by one.
		clearTimeout(timer);
		timer = setTimeout(makeAccount, 0);
	});
	// Flows that are loaded, also those of another project, arrive just before: a deleted account stays deleted.
	RED.events.on('flows:loaded', () => clearTimeout(timer));
}

function makeAccount(): void {
	if (RED.nodes.node(ID)) return;
	RED.nodes.import([{ ...SIMULATOR, publicUrl: window.location.origin }], { markChanged: true });
	RED.nodes.eachNode((node) => {
		if (node['account'] !== ID) return;
		RED.nodes.updateConfigNodeUsers(node, { action: 'add' });
		RED.editor.validateNode(node);
	});
	RED.view.redraw(true);
}
