import type { Metafile } from 'esbuild';

interface Manifest {
	name: string;
	version: string;
	license: string;
	dependencies?: Record<string, string>;
}

/** Licence notices and bill of materials, by file name. */
export function thirdPartyTexts(manifest: Manifest, metafiles: Metafile[], from?: string): Record<string, string>;
