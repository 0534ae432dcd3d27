/** A guard in the code, how it is removed, and the test that has to notice. */
export interface Guard {
	name: string;
	file: string;
	/** Stands in the file once. */
	find: string;
	replace: string;
	/** Part of the test's title. */
	cell: string;
	/** The file of the test; the table of faults without it. */
	test?: string;
}
export const guards: Guard[];
