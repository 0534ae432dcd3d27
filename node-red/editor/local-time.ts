/**
 * A moment in the words of the editor's language.
 * @param at ISO 8601
 * @param timeZone as the account has it; when it is not known here, the moment stays as it is
 */
export function localTime(at: string, timeZone: string): string {
	try {
		return `${new Date(at).toLocaleString(undefined, { timeZone })} (${timeZone})`;
	} catch {
		return at;
	}
}
