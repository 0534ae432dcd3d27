/** The names of the secrets of the stages in a text. */
export function secretsIn(text: string): string[];
/** The first telephone number of the stages in a text. */
export function numberIn(text: string): string | null;
/** The texts of the errors in the data of an execution, as n8n saves it. */
export function errorTexts(data: string): string[];
/** Searches all that was kept in a folder. */
export function searchOutput(folder: string): Promise<{ searched: Record<string, number>; found: string[] }>;
