/** Error codes of the v2 (CCM) API, with the HTTP status and text of seed 001's tables. */
export const v2Errors: Readonly<Record<number, { http: number; description: string }>> = {
	1001: { http: 400, description: 'account_sid is mandatory' },
	1002: { http: 400, description: 'Valid values for RecordingChannels are single, dual' },
	1010: { http: 401, description: 'Authentication failed' },
	1012: { http: 409, description: 'User device is unavailable' },
	1017: { http: 404, description: 'AccountSid not found' },
	1021: { http: 404, description: 'Call not found / unsupported in this API' },
	1022: { http: 404, description: 'Call not found / unsupported in this API' },
	3043: { http: 404, description: 'Call not found / unsupported in this API' },
	3044: { http: 404, description: 'Call not found / unsupported in this API' },
	3045: { http: 404, description: 'Call not found / unsupported in this API' },
	10702: { http: 404, description: 'User Device not found' },
	10703: { http: 404, description: 'Device is currently unavailable (turned off)' },
	10705: { http: 409, description: 'User device is unverified' },
	// the table of seed 001 lists 10706 under 409 and under 404
	10706: { http: 409, description: 'User device is currently busy' },
	10712: { http: 405, description: 'VOIP calls are not allowed' },
	10716: { http: 404, description: 'Given virtual_number not found' },
	10731: { http: 404, description: 'User not found' },
	10806: { http: 404, description: 'No device found for user' },
	...Object.fromEntries(
		[1100, 1101, 1200, 1203, 1300, 1500, 1600, 1601, 1800, 3040, 3042, 3046, 3075, 3080, 4060].map((code) => [
			code,
			{ http: 500, description: 'Internal Server Error' },
		]),
	),
};
