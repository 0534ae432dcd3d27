/** Mocha's usual picture, plus the counts in a file for tools/test/run.mjs. */
'use strict';

const fs = require('node:fs');
const { reporters } = require('mocha');

module.exports = class CountedSpec extends reporters.Spec {
	constructor(runner, options) {
		super(runner, options);
		runner.once('end', () => {
			const { passes, failures, pending } = this.stats;
			fs.writeFileSync(process.env.EXONODES_REPORT, JSON.stringify({ passes, failures, pending }));
		});
	}
};
