/**
 * The account: which hosts its region has, how a request proves who it is, and the two settings without which Exotel's
 * answers cannot be read (time zone of the v1 stamps, country of national numbers).
 * Sources: seed 001 and 004 (hosts, Basic authentication), facts 1.1, 1.2 and 3.4.
 */

/** Where the account lives. `custom` is for the simulator or a host Exotel named to the user. */
export type Region = 'singapore' | 'mumbai' | 'custom';

/** An account without its secrets: safe to log. */
export interface Account {
	region: Region;
	/** Origin that plays both API hosts when `region` is `custom`, e.g. `http://127.0.0.1:4010`. */
	baseUrl?: string;
	/** Account SID, e.g. `acme1`. */
	sid: string;
	/** IANA zone in which Exotel writes v1 stamps; `Asia/Kolkata` unless Exotel said otherwise. */
	timeZone: string;
	/** ISO 3166 country in which a number without `+` is read; `IN` by default. */
	defaultCountry: string;
}

/** The account's secrets. Never part of an `Account`, an `HttpRequest` or an error. */
export interface ApiKey {
	key: string;
	token: string;
}
