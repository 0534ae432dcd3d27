// Talks to the simulator's control API. Every answer is JSON; a refusal is thrown with the API's own words.

/** Asks the control API. `path` is relative to `/_simulator/api/`. */
export async function ask(path, options = {}) {
	const { method = 'GET', body } = options;
	let response;
	try {
		response = await fetch(`api/${path}`, {
			method,
			headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
			body: body === undefined ? undefined : JSON.stringify(body),
			cache: 'no-store',
		});
	} catch {
		throw new Error('The simulator does not answer. Is it still running?');
	}
	const text = await response.text();
	let answer;
	try {
		answer = text === '' ? null : JSON.parse(text);
	} catch {
		answer = null;
	}
	if (!response.ok)
		throw Object.assign(new Error(refusalOf(answer, response)), { status: response.status, path: answer?.path });
	return answer;
}

/** A path segment that cannot leave its place. */
export function segment(value) {
	return encodeURIComponent(String(value));
}

function refusalOf(answer, response) {
	const said = answer?.error?.message ?? answer?.error ?? answer?.message;
	return typeof said === 'string' && said !== '' ? said : `The simulator answered ${response.status}.`;
}
