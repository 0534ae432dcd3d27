/** The form of a call's SID, wherever one comes from. */

/**
 * Seeds 001 and 004 call it "an alpha-numeric unique identifier" and name no length; every sample has 32 characters.
 * Longer than this is none, and so is what could change the path of a request.
 */
export const CALL_SID = /^[\w-]{1,64}$/;
