/** Callers on the line: every question is answered within 4.5 s, whatever the flow does. */
import { playQuestions } from './questions';
import { LONG, SEED } from './random';

const QUESTIONS = Number(process.env['FAULTS_QUESTIONS'] ?? (LONG ? 5000 : 300));

describe(`${QUESTIONS} questions to a flow that misbehaves, FAULTS_SEED=${SEED}`, function () {
	this.timeout(LONG ? 3_600_000 : 120_000);
	for (const host of ['Node-RED', 'n8n'] as const)
		it(`${host}: every one is answered within 4.5 s, and the caller is connected`, () =>
			playQuestions(host, QUESTIONS, SEED).then(() => undefined));
});
