/**
 * Which recordings changed since 0.1.0, and whether CHANGELOG.md says so. A change without a line there is a mistake,
 * and so is an explanation of something that did not change.
 */
import { createHash } from 'node:crypto';

/** Everything that is compared. Keys are names of cases. */
export interface Compared {
	/** The recordings as they are in the tree. */
	recordings: Record<string, string>;
	/** SHA-256 of each recording made with version 0.1.0. */
	baseline: Record<string, string>;
	/** For each case that changed, the sentence of CHANGELOG.md that tells the user. */
	differences: Record<string, string>;
	changelog: string;
}

/** The sum that baseline.json holds. */
export function sumOf(recording: string): string {
	return createHash('sha256').update(recording).digest('hex');
}

/** One line for each case that is not accounted for. */
export function unexplained({ recordings, baseline, differences, changelog }: Compared): string[] {
	const told = flat(changelog);
	const names = new Set([...Object.keys(recordings), ...Object.keys(baseline), ...Object.keys(differences)]);
	return [...names].sort().flatMap((name) => {
		const recording = recordings[name];
		const sentence = differences[name];
		const isSame = (recording === undefined ? undefined : sumOf(recording)) === baseline[name];
		if (isSame)
			return sentence === undefined
				? []
				: [`"${name}": differences.json explains a change, but nothing has changed since 0.1.0`];
		const what =
			recording === undefined
				? 'is gone'
				: baseline[name] === undefined
					? 'is new since 0.1.0'
					: 'has changed since 0.1.0';
		if (sentence === undefined || flat(sentence) === '')
			return [`"${name}" ${what}, and differences.json does not say why`];
		return told.includes(flat(sentence))
			? []
			: [`"${name}" ${what}; CHANGELOG.md does not hold the sentence: ${sentence}`];
	});
}

/** The part of a changelog about one version; empty when there is none. */
export function sectionOf(changelog: string, version: string): string {
	return (
		changelog
			.split(/^(?=## )/m)
			.find((section) => section.startsWith(`## ${version} `) || section.startsWith(`## ${version}\n`)) ?? ''
	);
}

/** Where a line breaks says nothing. */
function flat(text: string): string {
	return text.replace(/\s+/g, ' ').trim();
}

/** Two texts line by line: `-` was recorded, `+` is there now, with a few lines around each change. */
export function lineDiff(recorded: string, present: string, around = 3): string {
	const before = recorded.split('\n');
	const after = present.split('\n');
	const kept = commonLines(before, after);
	const lines: { mark: string; text: string }[] = [];
	let [b, a] = [0, 0];
	for (const [nextB, nextA] of [...kept, [before.length, after.length] as const]) {
		while (b < nextB) lines.push({ mark: '-', text: before[b++] ?? '' });
		while (a < nextA) lines.push({ mark: '+', text: after[a++] ?? '' });
		if (b < before.length) lines.push({ mark: ' ', text: before[b] ?? '' });
		b += 1;
		a += 1;
	}
	const changed = lines.map(({ mark }) => mark !== ' ');
	const near = (at: number): boolean => changed.slice(Math.max(0, at - around), at + around + 1).some(Boolean);
	const shown = lines.map(({ mark, text }, at) => (near(at) ? `${mark} ${text}` : null));
	return shown
		.filter((line, at) => line !== null || shown[at - 1] !== null)
		.map((line) => line ?? '  …')
		.join('\n');
}

/** Index pairs of a longest common subsequence. Recordings are short enough for the whole table. */
function commonLines(before: string[], after: string[]): (readonly [number, number])[] {
	const width = after.length + 1;
	const longest = new Uint32Array((before.length + 1) * width);
	const at = (b: number, a: number): number => longest[b * width + a] ?? 0;
	for (let b = before.length - 1; b >= 0; b -= 1) {
		for (let a = after.length - 1; a >= 0; a -= 1) {
			longest[b * width + a] =
				before[b] === after[a] ? at(b + 1, a + 1) + 1 : Math.max(at(b + 1, a), at(b, a + 1));
		}
	}
	const pairs: (readonly [number, number])[] = [];
	for (let b = 0, a = 0; b < before.length && a < after.length;) {
		if (before[b] === after[a]) pairs.push([b++, a++]);
		else if (at(b + 1, a) >= at(b, a + 1)) b += 1;
		else a += 1;
	}
	return pairs;
}
