/** Addresses at which Exotel should reach the host: nothing is placed where no callback can arrive. */
import type { Placing } from '../description';

/** The number is wrong as well, so that nothing leaves whatever is decided about the address. */
const reachable = (publicUrl: string, isPrivate: boolean): Placing => ({
	name: `row 4 (is this address private?): ${publicUrl} is ${isPrivate ? 'private' : 'public'}`,
	operation: 'connectNumbers',
	fields: { from: 'hello', to: '09876538847', exoPhone: '08047114890' },
	account: { region: 'singapore' },
	follows: true,
	publicUrl: { address: publicUrl, isPrivate },
});

export const addressCases: readonly Placing[] = [
	...[
		'http://192.168.1.10',
		'http://10.0.0.5:5678',
		'https://n8n.local',
		'http://[fd00::1]',
		'http://localhost:1880',
		'http://127.0.0.1',
		'http://172.20.0.3',
		'http://[::ffff:192.168.0.1]',
		'http://203.0.113.7',
	].map((url) => reachable(url, true)),
	...['https://flows.example.com', 'http://52.66.1.2:5678', 'http://[2606:4700::1]'].map((url) =>
		reachable(url, false),
	),
];
