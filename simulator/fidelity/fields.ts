/**
 * Every field the simulator sends, with where it comes from. `docs/fidelity.md` is written from these tables; a test
 * drives every endpoint and fails when a field is sent that is not listed here, or listed here but never sent.
 */
import { answerSurfaces } from './answer-fields';
import { messageSurfaces } from './message-fields';

/** Everything that is sent. */
export const surfaces = [...answerSurfaces, ...messageSurfaces];
