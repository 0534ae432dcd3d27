/** The limit of make-call requests per account: 200 a minute of simulated time (facts 1.3). */
import type { Account } from '../model/account';
import type { Simulation } from './simulation';

const MINUTE_MS = 60_000;

/**
 * Counts a make-call request.
 * @returns null if it may pass, else the simulated seconds after which it may come again
 */
export function overLimit(simulation: Simulation, account: Account): number | null {
	const { callsPerMinute, strictness } = simulation.settings;
	if (callsPerMinute === 0 || strictness === 'as-seen-in-the-field') return null;
	const now = simulation.clock.now();
	account.placements = account.placements.filter((time) => time > now - MINUTE_MS);
	const [oldest] = account.placements;
	if (oldest !== undefined && account.placements.length >= callsPerMinute)
		return Math.max(1, Math.ceil((oldest + MINUTE_MS - now) / 1000));
	account.placements.push(now);
	return null;
}
