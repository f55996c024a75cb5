import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import process from 'node:process';
import { readSettings } from '../config/config.ts';
import { SECRET_VARIABLE, starterYaml } from '../config/starter.ts';
import { httpUrl } from '../config/values.ts';
import { UsageError } from '../model/usage-error.ts';
import { askDatabase } from './init/database.ts';
import { Dialogue, StoppedError } from './init/dialogue.ts';
import { requireFreeFolder, writeFiles } from './init/files.ts';
import { nextSteps } from './init/next-steps.ts';
import { askSubject } from './init/subject.ts';
import { createStderrLog, movableTerminal, type ProcessContext } from './process-context.ts';

const STOPPED = 1;

export type InitOptions = { print?: true; apiUrl?: string };

/**
 * Asks for account, credentials and database, tries each, and writes cdd-sync.yaml and .env. Returns exit code 1 if the
 * person stops; nothing is left behind then.
 */
export async function runInit({ print: isPrint, apiUrl }: InitOptions, context: ProcessContext): Promise<number> {
  const { cwd, variables, signal, print, printError } = context;
  if (isPrint) {
    print(starterYaml(null, { schema: null }).trimEnd());
    return 0;
  }
  const baseUrl = baseUrlOf(apiUrl ?? variables.DINTERO_API_URL);
  requireTerminal(context);
  requireFreeFolder(cwd, variables);
  const { databaseUrl, home } = readSettings({ env: variables, cwd });
  const hadHome = existsSync(home);
  const log = await createStderrLog('error', context);
  const dialogue = new Dialogue(signal);
  try {
    const answers = await askSubject(dialogue, { baseUrl });
    const database = await askDatabase(dialogue, { databaseUrl, home, log });
    await writeFiles(cwd, { answers, database, baseUrl });
    dialogue.say(
      'Written: cdd-sync.yaml, and .env with the secrets, which only this user can read.',
      ...overriddenBy(variables, { [SECRET_VARIABLE]: answers.clientSecret, DATABASE_URL: database.databaseUrl ?? '' }),
      '',
      ...nextSteps({ cwd, script: process.argv[1] ?? '', nodePath: process.execPath }),
    );
    return 0;
  } catch (error) {
    if (!hadHome) await rm(home, { recursive: true, force: true });
    if (!(error instanceof StoppedError)) throw error;
    printError('Stopped; nothing was written.');
    // A connection that is not answered would keep the process for up to 30 s.
    process.exit(STOPPED);
  }
}

function baseUrlOf(url: string | undefined): string | null {
  if (!url) return null;
  const parsed = httpUrl.safeParse(url);
  if (parsed.success) return parsed.data;
  throw new UsageError(`the address of the API ${parsed.error.issues[0]?.message}`);
}

function requireTerminal(context: ProcessContext): void {
  if (movableTerminal(context) !== null && process.stdin.isTTY) return;
  throw new UsageError(
    'init asks questions, so it needs a terminal that can move its cursor (docker: run -it). Without one: cdd-sync init --print > cdd-sync.yaml, ' +
      `fill in the two places in it, and write ${SECRET_VARIABLE}=… into the file .env beside it. DATABASE_URL=… in .env names your Postgres.`,
  );
}

/** Variables of this shell that hide those of the new .env. */
function overriddenBy(variables: NodeJS.ProcessEnv, written: Record<string, string>): string[] {
  const hiding = Object.entries(written).filter(([name, value]) => variables[name] && variables[name] !== value);
  return hiding.map(
    ([name]) => `${name} is set to something else in this shell, which wins over .env; first run: unset ${name}`,
  );
}
