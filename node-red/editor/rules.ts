/**
 * What the editor needs of the core and of the runtime: the description of every field and the rules it is checked by.
 * Built for the browser as `resources/exotel-rules.js` (global `exotelRules`), so that a form refuses exactly what the
 * request would refuse.
 */
export { checkAddressRule, checkField, fields, readAccount } from '../../exotel/index';
export { webhookPath } from '../webhooks/path';
