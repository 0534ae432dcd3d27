/**
 * Saved configurations of earlier versions. Every node carries `configVersion`; a change of a field's name or meaning
 * adds one step here, and old flows keep running without being opened. The editor saves the new form with the next
 * deploy.
 */
import type { Config, NodeType, SavedConfig } from './host';

/** The version this package writes. */
export const CONFIG_VERSION = 1;

/** Turns a configuration of version `n` into one of version `n + 1`. */
export type Step = (config: SavedConfig) => SavedConfig;

/** Steps by node type; index 0 leads from version 0 (saved without `configVersion`) to 1. */
const STEPS: { readonly [Type in NodeType]?: readonly Step[] } = {};

/** The configuration in today's form. A configuration from a newer version is used as it is. */
export function migrateConfig<Type extends NodeType>(
	type: Type,
	config: SavedConfig,
	steps: readonly Step[] = STEPS[type] ?? [],
): Config<Type> {
	const written = Number(config['configVersion'] ?? 0);
	const saved = Number.isInteger(written) && written > 0 ? written : 0;
	const present = steps.slice(saved).reduce<SavedConfig>((older, step) => step({ ...older }), config);
	return { ...present, configVersion: Math.max(CONFIG_VERSION, steps.length, saved) };
}
