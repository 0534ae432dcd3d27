/**
 * Preloaded (`node --require`): what the package exotel-node sends to twilix.exotel.in goes to EXOTEL_HOST, without
 * TLS; its own code stays as it is.
 */
'use strict';

const http = require('node:http');
const https = require('node:https');

const { host, hostname, port } = new URL(`http://${process.env.EXOTEL_HOST}`);
https.request = (options, ...more) => {
	if (options.host !== 'twilix.exotel.in') throw new Error(`Not a host this may send to: ${options.host}`);
	const headers = { ...options.headers, host };
	const rewritten = { ...options, protocol: 'http:', host: hostname, hostname, port, headers, agent: undefined };
	return http.request(rewritten, ...more);
};
