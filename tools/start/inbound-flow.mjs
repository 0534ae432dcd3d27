/** The flow of the simulator that the dial pad of both starters offers. */
export const INBOUND_FLOW = '926';

/**
 * Makes the flow where there is none; else it stays as the user left it, on the host's address of today.
 *
 * @param {import('@exonodes/exotel-simulator').Simulator} simulator
 * @param {{ applets: object[], before?: string, now: string }} options `before`: the host's address at the last start
 */
export function keepInboundFlow(simulator, { applets, before, now }) {
	const drawn = simulator.flows().flows.find(({ id, account }) => id === INBOUND_FLOW && !account);
	if (drawn === undefined) simulator.setFlow(INBOUND_FLOW, { applets });
	else if (before !== undefined && before !== now)
		simulator.setFlow(INBOUND_FLOW, { applets: JSON.parse(JSON.stringify(drawn.applets).replaceAll(before, now)) });
}
