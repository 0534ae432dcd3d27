/** What a simulator lets pass that plays Exotel as seen in the field; a strict one refuses all of it. */

/** One thing that passes. */
export interface Leniency {
	name: string;
	meaning: string;
	source: 'public code' | 'guess';
	from: string;
}

/** All of them; there is one setting for all. */
export const LENIENCIES: readonly Leniency[] = [
	{
		name: 'spellings',
		meaning:
			'make-call requests with parameters, spellings, types and JSON bodies that the documentation does not ' +
			'have are accepted; each is flagged at its call',
		source: 'public code',
		from: 'public clients send them',
	},
	{
		name: 'parameters of another call',
		meaning:
			'calls into a flow with parameters that only two-number calls have, Url beside To, and MaxRetries, ' +
			'StreamBegin and details are accepted; each is flagged at its call',
		source: 'public code',
		from: 'public clients send them; seed 004 lists the parameters of each kind of call',
	},
	{
		name: 'v2 requests',
		meaning:
			'unknown keys, another Content-Type, an event named twice (the first counts) and a custom_field that is ' +
			'no text are accepted; each is flagged at its call',
		source: 'guess',
		from: 'seed 001 lists keys and types; what the service does with others is not public',
	},
	{
		name: 'missing ExoPhone',
		meaning: 'a CallerId that is missing becomes the first ExoPhone; flagged',
		source: 'guess',
		from: 'seed 000’s sample request has no CallerId',
	},
	{
		name: 'foreign ExoPhone',
		meaning:
			'a CallerId, or the number an incoming call is for, that is no ExoPhone of the account is adopted by it',
		source: 'guess',
		from: 'ours, for clients with numbers of their own',
	},
	{
		name: 'limits',
		meaning: 'durations, page sizes, numbers per filter and date ranges over the documented limits pass',
		source: 'guess',
		from: 'ours',
	},
	{
		name: 'filters',
		meaning:
			'unknown filters of lists, unknown parameters of a single call and details other than true or false do ' +
			'nothing, unknown words of Status and Direction find no call, Duration may lack its s, a DateCreated ' +
			'that cannot be read means the last month',
		source: 'public code',
		from: 'one public report',
	},
	{
		name: 'rate',
		meaning: 'more than 200 make-call requests a minute pass',
		source: 'guess',
		from: 'ours',
	},
	{
		name: 'national numbers',
		meaning: 'Connect answers and filters of lists may name numbers that are not E.164',
		source: 'public code',
		from: 'seen in answers of public code; for filters a guess',
	},
	{
		name: 'incoming agent events',
		meaning: 'the agent pass-through of an inbound call says incoming',
		source: 'public code',
		from: 'captures of frappe/exotel_integration',
	},
	{
		name: 'captured parameters',
		meaning:
			'applet requests and agent events have undocumented parameters too ' +
			'(quirk `undocumentedQuestionFields`)',
		source: 'public code',
		from: 'captures of frappe/exotel_integration',
	},
	{
		name: 'Created in RFC form',
		meaning: '`Created` of applet requests and agent events is in RFC form without zone (quirk `createdForm`)',
		source: 'public code',
		from: 'captures of frappe/exotel_integration',
	},
];
