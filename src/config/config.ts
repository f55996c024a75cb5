import { resolve } from 'node:path';
import type { Account, Credentials, Filters } from '../model/account.ts';
import type { ApiSettings } from '../model/api-settings.ts';
import { accountFromEnvironment, readVariables, type Settings } from './environment.ts';
import { type ConfigSource, readConfigFile } from './file.ts';
import { ConfigError } from './problems.ts';
import type { FileContent } from './schema.ts';
import type { Variables } from './substitution.ts';

/** A partner whose client reads the accounts of its merchants. */
export type Partner = {
  /** `^[PT]\d{3}00000$` */
  id: string;
  clientId: string;
  clientSecret: string;
  /** Whether every merchant of the partner is an account. */
  discover: boolean;
  /** Whether a merchant's token names the partner's or the merchant's account as its audience. */
  audience: 'partner' | 'merchant';
};

/** The complete configuration, with defaults. docs/configuration.md explains each key. */
export type Config = {
  schedule: string;
  timezone: string;
  concurrency: number;
  personalData: 'keep' | 'drop';
  missingGuard: { ratio: number; atLeast: number };
  /** Hours by status. */
  statusTargets: Record<string, number>;
  retention: { rejectedDays: number; runDays: number };
  api: ApiSettings;
  server: { host: string; port: number };
  partners: Partner[];
  accounts: Account[];
  /** Null = start an embedded Postgres under `home`. */
  databaseUrl: string | null;
  /** Absolute path. */
  home: string;
  /** A level of pino. */
  logLevel: string;
  /** Advice about settings that are accepted. Free of secrets. */
  warnings: string[];
};

/** The settings of commands that need only the database. */
export type DatabaseSettings = Pick<Config, 'databaseUrl' | 'home' | 'logLevel'>;

/** The parts of a process that configuration is read from. */
type ProcessContext = { env: Variables; cwd: string };

/** Reads the database settings from the environment; needs no file and no account. Throws `ConfigError`. */
export function readSettings({ env, cwd }: ProcessContext): DatabaseSettings {
  const { settings, problems } = readVariables(env);
  if (settings === null) throw new ConfigError(problems, null);
  return databaseSettingsOf(settings, cwd);
}

/**
 * Reads the configuration: `cdd-sync.yaml` in `cwd` or the file that `CDD_SYNC_CONFIG` names, else one account from
 * the environment. Deeply frozen. Throws `ConfigError` with all problems.
 */
export async function readConfig({ env, cwd }: ProcessContext): Promise<Config> {
  const { settings, problems } = readVariables(env);
  const path = resolve(cwd, env.CDD_SYNC_CONFIG || 'cdd-sync.yaml');
  const file = await readConfigFile(path, env);
  // With a file, account variables are ignored: one left over in a shell must not add or change an account.
  const source = file ?? (env.CDD_SYNC_CONFIG ? missingFile(path) : (accountFromEnvironment(env) ?? nothingConfigured));
  if (problems.length > 0 || settings === null || source.content === null) {
    throw new ConfigError([...problems, ...source.problems], file === null ? null : path);
  }
  return deepFreeze({ ...configOf(source.content, settings, cwd), warnings: source.warnings });
}

function sourceWithProblem(path: string, message: string): ConfigSource {
  return { content: null, problems: [{ path, line: null, message }], warnings: [] };
}

const missingFile = (path: string) =>
  sourceWithProblem(
    'CDD_SYNC_CONFIG',
    `names ${path}, which does not exist; correct it, or unset it to use cdd-sync.yaml`,
  );

const nothingConfigured = sourceWithProblem(
  'cdd-sync.yaml',
  'does not exist in this folder, and the environment names no account. Copy cdd-sync.example.yaml to cdd-sync.yaml, ' +
    'or set DINTERO_ACCOUNT_ID, DINTERO_CLIENT_ID and DINTERO_CLIENT_SECRET. To try cdd-sync without an account, run: npm run demo',
);

function configOf(content: FileContent, settings: Settings, cwd: string): Omit<Config, 'warnings'> {
  const { baseUrl, audienceBase = `${baseUrl}/accounts`, ...limits } = content.api;
  const partners = content.partners.map(({ clientSecretFile: _, ...partner }) => ({
    ...partner,
    clientSecret: required(partner.clientSecret),
  }));
  return {
    ...content,
    api: { baseUrl, audienceBase, ...limits },
    server: { host: settings.HOST ?? content.server.host, port: settings.PORT ?? content.server.port },
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
    ...databaseSettingsOf(settings, cwd),
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

/** The API's wildcard "*" means no filter. It is dropped, because only an unfiltered list shows which cases are missing. */
function filtersOf({ filters }: FileContent['accounts'][number]): Filters {
  const { payoutDestinationId = '*', ...others } = filters;
  return { ...others, payoutDestinationId: payoutDestinationId === '*' ? null : payoutDestinationId };
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new TypeError('config/rules.ts accepted an entry without a client');
  return value;
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
