/**
 * Ties tests to lines of the vendor's documents: test/fixtures/simulator/documented-lines.json has the lines about
 * answers, errors and limits, word for word; every case quotes one of them, and every line must have a case.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const FIXTURE = path.join(__dirname, '..', '..', 'fixtures', 'simulator', 'documented-lines.json');
const documents = JSON.parse(readFileSync(FIXTURE, 'utf8')) as Record<string, string[]>;

/** Cases about one document. */
export class DocumentedLines {
	readonly #lines: readonly string[];
	readonly #quoted = new Set<string>();

	/** @param seed as the fixture names it: `seed 004` */
	constructor(readonly seed: string) {
		const lines = documents[seed];
		assert.ok(lines, `the fixture has no ${seed}`);
		this.#lines = lines;
	}

	/**
	 * One case, named by its quote.
	 * @param quote words of exactly one line of the fixture
	 */
	readonly case = (quote: string, prove: () => Promise<void>): void => {
		const lines = this.#lines.filter((line) => line.includes(quote));
		for (const line of lines) this.#quoted.add(line);
		it(`"${quote}"`, async () => {
			assert.equal(lines.length, 1, `${lines.length} lines of ${this.seed} have these words`);
			await prove();
		});
	};

	/** The whole line that matches. */
	quoteOf(expression: RegExp): string {
		const line = this.#lines.find((candidate) => expression.test(candidate));
		assert.ok(line, `${this.seed} has no line like ${expression.source}`);
		return line;
	}

	/** The last case: no line is left without one. */
	complete(): void {
		it('has a case for every line', () => {
			assert.deepEqual(
				this.#lines.filter((line) => !this.#quoted.has(line)),
				[],
			);
			assert.equal(new Set(this.#lines).size, this.#lines.length, 'no line twice');
		});
	}
}
