/** Plays one cell of the table and says what came of it. */
import { Stage } from '../recorded/stage';
import type { Host, Mode } from './call';
import type { FaultyExotel, Pass } from './exotel';
import { playFault, type Fault } from './faults';
import { FaultyN8n, FaultyNodeRed, type StoreName } from './hosts';
import type { HostName, Result } from './result';

/** Seconds that pass at once while no workflow is to be woken. */
const LONGEST_STEP = 1500;

/** Plays a cell. */
export async function playCell(
	fault: Fault,
	name: HostName,
	mode: Mode,
	open: () => Promise<FaultyExotel>,
	store?: StoreName,
): Promise<Result> {
	const stage = new Stage();
	let exotel: FaultyExotel | null = null;
	let host: Host | null = null;
	try {
		const opened = await open();
		exotel = opened;
		stage.watch(() => opened.busy());
		const playing = name === 'Node-RED' ? new FaultyNodeRed(stage, opened, store) : new FaultyN8n(stage, opened);
		host = playing;
		await playing.open(mode);
		await stage.settle();
		const place = async (): Promise<void> => {
			await playing.place();
			// The simulator has no call to show where it refused one; then the host has said so.
			await stage.until(() => opened.received() || playing.told().length > 0);
			await stage.settle();
			opened.afterRequest();
		};
		await playFault(fault, { host: playing, exotel: opened, mode, pass: passing(stage, playing, opened), place });
		return {
			rings: opened.rings(),
			sid: opened.sid(),
			told: playing.told(),
			progress: playing.progress(),
			problems: playing.problems(),
			repeatsReports: opened.repeatsReports,
			reportedAt: opened.reportedAt(),
		};
	} finally {
		await host?.close();
		stage.close();
		await exotel?.close();
	}
}

/** Time passes on both sides; a workflow is woken when its time has come. */
function passing(stage: Stage, host: Host, exotel: FaultyExotel): Pass {
	return async (seconds) => {
		// What has just come in is told before time passes.
		await stage.settle();
		const until = stage.now + seconds * 1000;
		while (stage.now < until) {
			const next = Math.min(until, host.wakesAt() ?? Infinity, stage.now + LONGEST_STEP * 1000);
			const step = Math.max(0, (next - stage.now) / 1000);
			await stage.advance(step);
			await exotel.advance(step);
			if (exotel.name === 'simulator') await stage.settle();
			const wakesAt = host.wakesAt();
			if (wakesAt !== null && wakesAt <= stage.now) await host.wake();
		}
	};
}
