/**
 * `exotel-account`: the configuration node that holds one Exotel account. Its admin routes serve the editor: test the
 * account, show the address of a webhook, check that it can be reached, revoke replaced tokens. They need the
 * permission `exotel-account.write`.
 */
import { listOrWritten } from '../../exotel/index';
import { settingOf, type OwnProperties, type Red, type RedNode, type SavedConfig } from '../host';
import { AccountConnection, type AccountNode } from './account-connection';
import { isEnvironmentVariable } from '../account-form';
import { migrateConfig } from '../migration';
import { accountOf } from './account-check';
import { isOpenToAnyone } from './open-editor';
import { registerAccountRoutes } from './account-routes';
import { type AccountSecrets } from './parse-account';
import { NodeScope } from '../node-scope';
import { Runtime } from '../runtime';

/**
 * The secrets as deployed. Of an environment variable that is not set Node-RED leaves the name, which anybody may
 * guess: it is no secret.
 */
function deployedSecrets(credentials: AccountSecrets): AccountSecrets {
	return Object.fromEntries(Object.entries(credentials).filter(([, secret]) => !isEnvironmentVariable(secret)));
}

/** A setting as the flow has it, before Node-RED put an environment variable in. */
function writtenSetting(RED: Red, config: SavedConfig, name: OwnProperties['exotel-account']): unknown {
	let written: unknown;
	// In a copy of a subflow a node has an id of its own.
	const id = config['_alias'] ?? config.id;
	RED.nodes.eachNode((saved) => {
		if (saved.id === id) written = Reflect.get(saved, name);
	});
	return written;
}

module.exports = function register(RED: Red): void {
	let isTold = false;
	function ExotelAccount(this: AccountNode, config: SavedConfig): void {
		RED.nodes.createNode(this, config);
		const { replacedTokens } = Runtime.of(RED);
		const secrets = deployedSecrets(this.credentials);
		const settings = migrateConfig('exotel-account', config);
		const writtenAddresses = writtenSetting(RED, config, 'allowedAddresses');
		settings['allowedAddresses'] = listOrWritten(settings['allowedAddresses'], writtenAddresses);
		const connection = new AccountConnection(RED, settings, secrets, (present, previous) =>
			replacedTokens.note(this.id, present, previous),
		);
		this.connection = connection;
		if (connection.publicUrl !== '' && !connection.hasLogin && settingOf(RED, 'httpNodeAuth') !== undefined)
			this.warn(RED._('@exonodes/node-red-exotel/exotel-account:finding.public-url.login-missing'));
		if (!isTold && isOpenToAnyone(RED, accountOf(settings))) {
			isTold = true;
			this.warn(RED._('@exonodes/node-red-exotel/exotel-account:finding.no-password'));
		}
		new NodeScope(RED, this).onClose((removed) => {
			connection.close();
			if (removed) replacedTokens.forget(this.id);
		});
	}

	RED.nodes.registerType<RedNode<AccountSecrets>, SavedConfig, object, AccountSecrets>(
		'exotel-account',
		ExotelAccount,
		{
			credentials: {
				apiKey: { type: 'password' },
				apiToken: { type: 'password' },
				webhookToken: { type: 'password' },
				previousWebhookToken: { type: 'password' },
				webhookUser: { type: 'password' },
				webhookPassword: { type: 'password' },
			},
		},
	);
	registerAccountRoutes(RED);
};
