/** Addresses at which Exotel should reach the host: nothing is placed where no callback can arrive. */
import type { Placing } from '../description';

/** The number is wrong as well, so that nothing leaves whatever is decided about the address. */
const reachable = (publicUrl: string, what: string): Placing => ({
	name: `row 4 (is this address private?): ${publicUrl} is ${what}`,
	operation: 'connectNumbers',
	fields: { from: 'hello', to: '09876538847', exoPhone: '08047114890' },
	account: { region: 'singapore' },
	follows: true,
	publicUrl,
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
	].map((url) => reachable(url, 'private')),
	...['https://flows.example.com', 'http://203.0.113.7:5678'].map((url) => reachable(url, 'public')),
];
