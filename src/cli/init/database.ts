import { once } from 'node:events';
import { configFromContent, type DatabaseSettings } from '../../config/config.ts';
import { databaseUrlProblem } from '../../config/database-url.ts';
import { findDatabase, hasEmbeddedPostgres } from '../../database-server.ts';
import type { Log } from '../../log.ts';
import { SyncError } from '../../model/sync-error.ts';
import { checkDatabase } from '../../store/check/check-database.ts';
import type { Finding } from '../../store/check/finding.ts';
import { describeServer } from '../../store/postgres/errors.ts';
import { openDatabase } from '../../store/postgres/pool.ts';
import { QUEUE_SCHEMA, QUEUE_VERSION } from '../../worker/queue.ts';
import { connectionsOf } from '../check.ts';
import { instantText } from '../terminal/time.ts';
import type { DatabaseAnswer } from './answers.ts';
import type { Dialogue } from './dialogue.ts';

type Options = Pick<DatabaseSettings, 'databaseUrl' | 'home'> & { log: Log };
type Tried = { isOk: boolean; lines: string[] };

/** Asks where the database is, until it can be used. */
export async function askDatabase(dialogue: Dialogue, options: Options): Promise<DatabaseAnswer> {
  let failed: DatabaseAnswer | null = null;
  for (;;) {
    const answer: DatabaseAnswer = await askPlace(dialogue, { variable: options.databaseUrl, failed });
    dialogue.say(
      '',
      answer.databaseUrl === null ? 'Starting it; the first time takes some seconds …' : 'Asking Postgres …',
    );
    const tried = await dialogue.wait((signal) => tryDatabase(answer, { ...options, signal }));
    dialogue.say(...tried.lines, '');
    if (tried.isOk) return answer;
    failed = answer;
  }
}

async function askPlace(
  dialogue: Dialogue,
  { variable, failed }: { variable: string | null; failed: DatabaseAnswer | null },
): Promise<DatabaseAnswer> {
  const embedded = (await hasEmbeddedPostgres())
    ? [{ value: 'embedded' as const, name: 'a Postgres that cdd-sync runs here' }]
    : [];
  const ofVariable = variable === null ? [] : [{ value: 'variable' as const, name: 'the Postgres of DATABASE_URL' }];
  const place = await dialogue.choose('Where are the cases to be stored?', [
    ...(failed === null ? [] : [{ value: 'same' as const, name: 'try the same again' }]),
    ...ofVariable,
    ...embedded,
    { value: 'url' as const, name: 'a Postgres of yours' },
  ]);
  if (place === 'same' && failed !== null) return failed;
  if (place === 'embedded') return { databaseUrl: null };
  return { databaseUrl: place === 'variable' ? variable : await askUrl(dialogue) };
}

async function askUrl(dialogue: Dialogue): Promise<string> {
  dialogue.say('Its address is a URL such as postgres://cdd@db.example.com:5432/cdd');
  const url = await dialogue.ask({
    message: 'Address:',
    check: (answer) => {
      const problem = databaseUrlProblem(answer);
      return problem === null ? null : `The address ${problem}`;
    },
    show: withoutPassword,
  });
  const parsed = new URL(url);
  if (parsed.username === '' || parsed.password !== '' || parsed.hostname === '') return url;
  const user = decodeURIComponent(parsed.username);
  dialogue.say(`If ${user} needs no password, press Enter.`);
  const password = await dialogue.askSecret({
    message: 'Password (hidden):',
    check: () => null,
  });
  // Not by the setter of URL, which leaves characters as they are that the driver reads as %xx.
  return password === '' ? url : url.replace('@', `:${encodeURIComponent(password)}@`);
}

/**
 * The address with stars for its password: all between the second colon and the last @, which also a password with / or @
 * in it may have. While it is typed, also for what may become a password.
 */
export function withoutPassword(url: string): string {
  return url.replace(
    /^(\s*\w+:\/\/[^:/@]*:)(.*(?=@)|[^@/]*$)/,
    (_, start: string, hidden: string) => `${start}${'*'.repeat(hidden.length)}`,
  );
}

/** Connects, and asks for the rights that a worker needs. */
async function tryDatabase(
  { databaseUrl }: DatabaseAnswer,
  { home, log, signal }: Options & { signal: AbortSignal },
): Promise<Tried> {
  const config = configFromContent({}, { databaseUrl, home, logLevel: 'silent' });
  try {
    await using server = await findDatabase(config, log, { alternative: 'Or choose a Postgres of yours.' });
    const database = openDatabase(server.url, { connections: 2 });
    try {
      const check = checkDatabase({
        url: server.url,
        database,
        timezone: config.timezone,
        timeOf: (at) => instantText(at, config.timezone),
        connections: connectionsOf(config),
        queue: { schema: QUEUE_SCHEMA, version: QUEUE_VERSION },
      });
      const { findings } = await Promise.race([check, stopped(signal)]);
      return outcomeOf(findings, describeServer(server.url));
    } finally {
      // Not awaited once the person has stopped: an open connection that is not answered closes after 30 s.
      await Promise.race([database.close(), stopped(signal)]);
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof SyncError)) throw error;
    return { isOk: false, lines: [`${error.code}: ${error.message}`] };
  }
}

/** Rejects when the signal aborts: a connection that is not answered takes 30 s. */
async function stopped(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw new SyncError('CANCELLED', 'stopped');
}

function outcomeOf(findings: readonly Finding[], server: string): Tried {
  const problems = findings.filter(({ state }) => state === 'problem');
  const warnings = findings
    .filter(({ state }) => state === 'warning')
    .map(({ check, message }) => `Note (${check}): ${message}`);
  if (problems.length === 0) return { isOk: true, lines: [`${server} can be used.`, ...warnings] };
  const sql = [...new Set(problems.flatMap((problem) => problem.sql))];
  return {
    isOk: false,
    lines: [
      ...problems.map(({ check, message }) => `${check}: ${message.replace(/^DATABASE: /, '')}`),
      ...(sql.length === 0
        ? []
        : ['', 'An administrator of the database runs this:', '', ...sql.map((line) => `  ${line}`)]),
    ],
  };
}
