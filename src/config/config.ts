import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Account, Credentials, Filters } from '../model/account.ts';
import type { ApiSettings } from '../model/api-settings.ts';
import { configPath, type ProcessContext } from './config-path.ts';
import { accountFromEnvironment, readVariables, type Settings, variableWarnings } from './environment.ts';
import { missingFile, nothingConfigured, readConfigFile } from './file.ts';
import { channelsOf, type NotifySettings } from './notify.ts';
import { ConfigError } from './problems.ts';
import { type FileContent, type FileInput, fileSchema } from './schema.ts';

/** A partner. Its client reads the accounts of its merchants. */
export type Partner = Omit<FileContent['partners'][number], 'clientSecret' | 'clientSecretFile'> & {
  clientSecret: string;
};

/** The settings of commands that need only the database. */
export type DatabaseSettings = {
  /** Null = start an embedded Postgres under `home`. */
  databaseUrl: string | null;
  /** Absolute path. */
  home: string;
  /** A level of pino. */
  logLevel: string;
};

/** A reader of the pages. Its database role's grants limit what it sees. */
type Viewer = { name: string; token: string; role: string };

/** The complete configuration, with defaults. docs/configuration.md explains each key. */
export type Config = Omit<FileContent, 'api' | 'partners' | 'accounts' | 'server' | 'notify'> &
  DatabaseSettings & {
    api: ApiSettings;
    server: { host: string; port: number; url: string | null; viewers: Viewer[] };
    notify: NotifySettings;
    partners: Partner[];
    accounts: Account[];
    /** Advice about settings that are accepted. Free of secrets. */
    warnings: string[];
  };

/** Reads the database settings from the environment; needs no file and no account. Throws `ConfigError`. */
export function readSettings({ env, cwd }: ProcessContext): DatabaseSettings {
  const { settings, problems } = readVariables(env);
  if (settings === null) throw new ConfigError(problems, null);
  return databaseSettingsOf(settings, cwd);
}

/** Whether there is a file, an account in the environment, or DATABASE_URL. Reads nothing of them. */
export function isConfigured({ env, cwd }: ProcessContext): boolean {
  const isNamed = Boolean(env.DATABASE_URL || env.CDD_SYNC_CONFIG);
  return isNamed || accountFromEnvironment(env) !== null || existsSync(configPath({ env, cwd }));
}

/**
 * Reads the configuration: `cdd-sync.yaml` in `cwd` or the file that `CDD_SYNC_CONFIG` names, else one account from
 * the environment. Deeply frozen. Throws `ConfigError` with all problems.
 */
export async function readConfig({ env, cwd }: ProcessContext): Promise<Config> {
  const { settings, problems } = readVariables(env);
  const path = configPath({ env, cwd });
  const file = await readConfigFile(path, env);
  // With a file, account variables are ignored: one left over in a shell must not add or change an account.
  const source = file ?? (env.CDD_SYNC_CONFIG ? missingFile(path) : (accountFromEnvironment(env) ?? nothingConfigured));
  if (problems.length > 0 || settings === null || source.content === null) {
    throw new ConfigError([...problems, ...source.problems], file === null ? null : path);
  }
  const config = configOf(source.content);
  const { HOST: host = config.server.host, PORT: port = config.server.port } = settings;
  const warnings = [...variableWarnings(env, settings), ...source.warnings];
  if (file !== null) warnings.push(...ignoredAddressWarnings(env, config.api));
  return deepFreeze({
    ...config,
    server: { ...config.server, host, port },
    ...databaseSettingsOf(settings, cwd),
    warnings,
  });
}

/** Messages about the address of the API name the variable too, which a file makes ineffective. */
function ignoredAddressWarnings({ DINTERO_API_URL: url }: ProcessContext['env'], { baseUrl }: Config['api']): string[] {
  if (!url || url.replace(/\/+$/, '') === baseUrl) return [];
  return ['DINTERO_API_URL has no effect beside a configuration file; write the address there, as api.baseUrl'];
}

/** The configuration that a file with this content would give. Throws if a value is invalid. */
export function configFromContent(content: FileInput, settings: DatabaseSettings): Config {
  return deepFreeze({ ...configOf(fileSchema.parse(content)), ...settings, warnings: [] });
}

function configOf(content: FileContent): Omit<Config, 'warnings' | keyof DatabaseSettings> {
  const { api } = content;
  const partners = content.partners.map(({ clientSecretFile: _, ...partner }) => ({
    ...partner,
    clientSecret: required(partner.clientSecret),
  }));
  return {
    ...content,
    api: { ...api, audienceBase: api.audienceBase ?? `${api.baseUrl}/accounts` },
    server: {
      ...content.server,
      url: content.server.url ?? null,
      viewers: content.server.viewers.map(({ name, token, role }) => ({ name, token: required(token), role })),
    },
    notify: { channels: channelsOf(content.notify.channels), rules: content.notify.rules },
    partners,
    accounts: content.accounts.map((account) => ({
      id: account.id,
      label: account.label ?? null,
      schedule: account.schedule ?? content.schedule,
      credentials: credentialsOf(account, partners),
      filters: filtersOf(account),
      includeContracts: account.includeContracts,
      webhookSecret: account.webhookSecret ?? null,
    })),
  };
}

function databaseSettingsOf(settings: Settings, cwd: string): DatabaseSettings {
  return {
    databaseUrl: settings.DATABASE_URL ?? null,
    home: resolve(cwd, settings.CDD_SYNC_HOME),
    logLevel: settings.LOG_LEVEL,
  };
}

function credentialsOf(account: FileContent['accounts'][number], partners: readonly Partner[]): Credentials {
  if (account.partner === undefined) {
    return { kind: 'client', clientId: required(account.clientId), clientSecret: required(account.clientSecret) };
  }
  const partner = required(partners.find(({ id }) => id === account.partner));
  const { clientId, clientSecret, audience } = partner;
  return { kind: 'partner', partnerId: partner.id, clientId, clientSecret, audience };
}

/**
 * The API's wildcard "*" means no filter. It is dropped, because only an unfiltered list shows which cases are missing.
 */
function filtersOf({ filters }: FileContent['accounts'][number]): Filters {
  const { payoutDestinationId = '*', ...others } = filters;
  return { ...others, payoutDestinationId: payoutDestinationId === '*' ? null : payoutDestinationId };
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new TypeError('config/rules.ts accepted an entry without a client or token');
  return value;
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
