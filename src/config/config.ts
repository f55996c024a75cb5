import { resolve } from 'node:path';
import type { Account, ApiSettings, Credentials, Filters } from '../model/account.ts';
import { accountFromEnvironment, type Settings, settingsFrom } from './environment.ts';
import { readConfigFile, type Source } from './file.ts';
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
  /** Whose account the audience of a merchant's token names. */
  audience: 'partner' | 'merchant';
};

/** The configuration with every default filled in; what each key means is in docs/configuration.md. */
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
  /** Null: an embedded Postgres is to be started under `home`. */
  databaseUrl: string | null;
  /** Absolute path. */
  home: string;
  /** One of pino's. */
  logLevel: string;
  /** What is accepted and should not stay so; free of secrets. */
  warnings: string[];
};

type DatabaseSettings = Pick<Config, 'databaseUrl' | 'home' | 'logLevel'>;

/** The process's own, or a test's. */
type Surroundings = { env: Variables; cwd: string };

/** What the commands need that work on the database alone: no file, no account. Throws `ConfigError`. */
export function readSettings({ env, cwd }: Surroundings): DatabaseSettings {
  const { settings, problems } = settingsFrom(env);
  if (settings === null) throw new ConfigError(problems, null);
  return databaseSettingsOf(settings, cwd);
}

/**
 * Reads the configuration: `cdd-sync.yaml` in `cwd` or the file that `CDD_SYNC_CONFIG` names, else one account from
 * the environment. Deeply frozen. Throws `ConfigError` with all problems.
 */
export async function readConfig({ env, cwd }: Surroundings): Promise<Config> {
  const { settings, problems } = settingsFrom(env);
  const path = resolve(cwd, env.CDD_SYNC_CONFIG || 'cdd-sync.yaml');
  const file = await readConfigFile(path, env);
  // The file stands alone: a variable that is left over in a shell must not add an account to it or change one.
  const source = file ?? (env.CDD_SYNC_CONFIG ? noSuchFile(path) : (accountFromEnvironment(env) ?? nothingConfigured));
  if (problems.length > 0 || settings === null || source.content === null) {
    throw new ConfigError([...problems, ...source.problems], file === null ? null : path);
  }
  return deepFreeze({ ...configOf(source.content, settings, cwd), warnings: source.warnings });
}

function without(path: string, message: string): Source {
  return { content: null, problems: [{ path, line: null, message }], warnings: [] };
}

const noSuchFile = (path: string) =>
  without('CDD_SYNC_CONFIG', `names ${path}, which does not exist; correct it, or unset it to use cdd-sync.yaml`);

const nothingConfigured = without(
  'cdd-sync.yaml',
  'is not in this folder, and no account is in the environment either. Copy cdd-sync.example.yaml to cdd-sync.yaml, ' +
    'or set DINTERO_ACCOUNT_ID, DINTERO_CLIENT_ID and DINTERO_CLIENT_SECRET; npm run demo needs neither',
);

function configOf(content: FileContent, settings: Settings, cwd: string): Omit<Config, 'warnings'> {
  const { baseUrl, audienceBase = `${baseUrl}/accounts`, ...patience } = content.api;
  const partners = content.partners.map(({ clientSecretFile: _, ...partner }) => ({
    ...partner,
    clientSecret: present(partner.clientSecret),
  }));
  return {
    ...content,
    api: { baseUrl, audienceBase, ...patience },
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
    return { kind: 'client', clientId: present(account.clientId), clientSecret: present(account.clientSecret) };
  }
  const partner = present(partners.find(({ id }) => id === account.partner));
  const { clientId, clientSecret, audience } = partner;
  return { kind: 'partner', partnerId: partner.id, clientId, clientSecret, audience };
}

/** The API's wildcard asks for everything, as no filter does; and only an unfiltered list can say a case is missing. */
function filtersOf({ filters }: FileContent['accounts'][number]): Filters {
  const { payoutDestinationId = '*', ...others } = filters;
  return { ...others, payoutDestinationId: payoutDestinationId === '*' ? null : payoutDestinationId };
}

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new TypeError('A rule of config/rules.ts let an entry through without its client');
  return value;
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
