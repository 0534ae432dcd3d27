/**
 * Preloaded (`node --require`): what node-red-dev asks by https – the catalogue of the flow library, and npm – goes to
 * LIBRARY_ANSWERS (`http://127.0.0.1:<port>`), whatever the host. Its own code stays as it is.
 */
'use strict';

const http = require('node:http');
const https = require('node:https');

const { hostname, port } = new URL(process.env.LIBRARY_ANSWERS);
https.request = (options, ...more) =>
	http.request({ ...options, protocol: 'http:', host: hostname, hostname, port, agent: undefined }, ...more);
