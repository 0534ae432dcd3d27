/** A page of the site. */
interface Page {
	page: string;
	title: string;
}

/** The repository. */
export const root: string;
/** Writes all pages into a folder; returns them by the document they are made of. */
export function stage(folder: string): Promise<Map<string, Page>>;
/** A document as the site's generator reads it; `pages` are the pages by document. */
export function pageText(from: string, text: string, pages: Map<string, string>): string;
