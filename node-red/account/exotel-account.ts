/**
 * `exotel-account`: the configuration node that holds one Exotel account. Its admin routes serve the editor: test the
 * account, show the address of a webhook, check that it can be reached. They need the permission
 * `exotel-account.write`.
 */
import type { Red, RedNode, Config } from '../host';
import { AccountConnection, type AccountNode, type AccountSecrets } from '../connection/account-connection';
import { migrateConfig } from '../migration';
import { registerAccountRoutes } from './account-routes';
import { forgetTokens, replacedToken } from './replaced-token';

module.exports = function register(RED: Red): void {
	function ExotelAccount(this: AccountNode, config: Config): void {
		RED.nodes.createNode(this, config);
		const secrets = { ...this.credentials };
		const connection = new AccountConnection(
			RED,
			migrateConfig('exotel-account', config),
			secrets,
			replacedToken(RED, this.id, secrets.webhookToken ?? ''),
		);
		this.connection = connection;
		this.on('close', (removed: boolean, done: () => void) => {
			connection.close();
			if (removed) forgetTokens(RED, this.id);
			done();
		});
	}

	RED.nodes.registerType<RedNode<AccountSecrets>, Config, object, AccountSecrets>('exotel-account', ExotelAccount, {
		credentials: {
			apiKey: { type: 'password' },
			apiToken: { type: 'password' },
			webhookToken: { type: 'password' },
			previousWebhookToken: { type: 'password' },
		},
	});
	registerAccountRoutes(RED);
};
