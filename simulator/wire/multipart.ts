/** Writes multipart/form-data, the default encoding of status callbacks (seed 004), the way curl does. */
export function multipartBody(fields: readonly (readonly [string, string])[], boundary: string): string {
	const parts = fields.map(
		([name, value]) =>
			`--${boundary}\r\nContent-Disposition: form-data; name="${name.replace(/"/g, '%22')}"\r\n\r\n${value}\r\n`,
	);
	return `${parts.join('')}--${boundary}--\r\n`;
}

/**
 * Flattens a record to form fields: `Legs[0][Status]`, nothing for null (seed 004's multipart sample shows empty
 * values).
 */
export function formFields(record: Record<string, unknown>, prefix = ''): [string, string][] {
	return Object.entries(record).flatMap(([key, value]): [string, string][] => {
		const name = prefix ? `${prefix}[${key}]` : key;
		if (value === null || value === undefined) return [[name, '']];
		if (typeof value === 'object') return formFields(value as Record<string, unknown>, name);
		return [[name, String(value)]];
	});
}
