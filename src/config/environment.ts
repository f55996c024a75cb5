import { z } from 'zod';
import { databaseUrlProblem, databaseUrlWarnings } from './database-url.ts';
import type { ConfigSource } from './file.ts';
import { mustBe } from './must-be.ts';
import { issuesFromZod, type Problem, problemsFrom } from './problems.ts';
import { fileSchema } from './schema.ts';
import type { Variables } from './substitution.ts';
import { accountId, clientId, httpUrl, secret } from './values.ts';

const levelRule = mustBe('one of trace, debug, info, warn, error, fatal, silent');
const homeRule = mustBe('a path without ~, which only a shell replaces by your home folder');
const portRule = mustBe('a whole number from 0 to 65535');

const settingsSchema = z.object({
  DATABASE_URL: z
    .string()
    .refine((url) => databaseUrlProblem(url) === null, {
      error: ({ input }) => databaseUrlProblem(String(input)) ?? '',
    })
    .optional(),
  CDD_SYNC_HOME: z
    .string()
    .refine((path) => !/^~(\/|$)/.test(path), homeRule)
    .default('.cdd-sync'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], levelRule).default('info'),
  HOST: z.string().optional(),
  PORT: z
    .string()
    .refine((port) => /^\d{1,5}$/.test(port) && Number(port) <= 65_535, portRule)
    .transform(Number)
    .optional(),
});

const accountSchema = z.object({
  DINTERO_ACCOUNT_ID: accountId,
  DINTERO_CLIENT_ID: clientId,
  DINTERO_CLIENT_SECRET: secret,
  DINTERO_API_URL: httpUrl.optional(),
});

/** The environment variables that apply with and without a file. */
export type Settings = z.output<typeof settingsSchema>;

/** Reads the variables that apply with and without a file. An empty variable counts as not set. */
export function readVariables(env: Variables): { settings: Settings | null; problems: Problem[] } {
  const parsed = settingsSchema.safeParse(omitEmpty(env));
  return { settings: parsed.data ?? null, problems: variableProblems(parsed.error) };
}

/** Advice about variables that are valid but have no effect. */
export function variableWarnings(env: Variables, { DATABASE_URL: url }: Settings): string[] {
  if (url !== undefined) return databaseUrlWarnings(url);
  const unused = ['PGHOST', 'PGSERVICE', 'PGDATABASE'].filter((name) => env[name]);
  return unused.map((name) => `${name} has no effect without DATABASE_URL; the embedded Postgres is used`);
}

/** The single account that variables can configure; null if none of them is set. */
export function accountFromEnvironment(env: Variables): ConfigSource | null {
  const variables = omitEmpty(env);
  if (Object.keys(accountSchema.shape).every((name) => variables[name] === undefined)) return null;
  const parsed = accountSchema.safeParse(variables);
  const rest = { problems: variableProblems(parsed.error), warnings: [] };
  if (parsed.data === undefined) return { content: null, ...rest };
  const { DINTERO_ACCOUNT_ID: id, DINTERO_CLIENT_ID: clientId, DINTERO_CLIENT_SECRET: clientSecret } = parsed.data;
  const api = { baseUrl: parsed.data.DINTERO_API_URL };
  return { content: fileSchema.parse({ api, accounts: [{ id, clientId, clientSecret }] }), ...rest };
}

function omitEmpty(env: Variables): Variables {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}

function variableProblems(error: z.ZodError | undefined): Problem[] {
  return problemsFrom(issuesFromZod(error?.issues ?? []), () => null);
}
