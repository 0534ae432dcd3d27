/** What an application does with the package exotel-node: `node call-exotel-node.cjs <function> <argument> …`. */
'use strict';

const exotel = require('exotel-node');

const [name, ...values] = process.argv.slice(2);
exotel.init(process.env.EXOTEL_SID, process.env.EXOTEL_TOKEN, process.env.EXOPHONE);
exotel[name](...values, (error, response) => {
	if (error) throw error;
	process.stdout.write(JSON.stringify(response));
});
