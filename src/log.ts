import pino from 'pino';
import pretty from 'pino-pretty';
import { durationSeconds, type RunRow } from './model/run.ts';
import { visibleLine, visibleText } from './model/visible-text.ts';

export type Log = pino.Logger;

const STDERR = 2;

/** Creates the log on stderr: JSON lines, or readable lines on a terminal. Unsafe characters are escaped in both. */
export function createLog({ level, terminal, fd = STDERR }: { level: string; terminal: boolean; fd?: number }): Log {
  // Synchronous, so that the last line before an exit is not lost.
  const destination = terminal
    ? pretty({ destination: fd, sync: true, colorize: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' })
    : pino.destination({ dest: fd, sync: true });
  const hooks = { streamWrite: terminal ? escapeStrings : visibleText };
  return pino({ level, base: null, serializers: { err: describeError }, hooks }, destination);
}

/**
 * Escapes the strings of a JSON line that pino-pretty will parse and print as they are. Only a stack keeps its line
 * breaks, because pino-pretty indents it; a message with a line break could forge a line of the log.
 */
function escapeStrings(line: string): string {
  const fields: unknown = JSON.parse(line, (key, value: unknown) => {
    if (typeof value !== 'string') return value;
    return key === 'stack' ? visibleText(value) : visibleLine(value);
  });
  return `${JSON.stringify(fields)}\n`;
}

/** Logs a closed run: error or warning if it was not a success, info if something changed, else debug. */
export function logRun(log: Log, row: RunRow): void {
  const { account_id: account, state, error_code: code, error_message: message } = row;
  const counts = { ...nonZeroCounts(row), seconds: durationSeconds(row) };
  if (state === 'failed' || state === 'abandoned') {
    log.error({ account, code }, message ?? state);
  } else if (state === 'partial') {
    log.warn(
      { account, ...counts, ...(code !== null && { code }) },
      message ?? 'partial: some items could not be read; cdd-sync rejected shows them',
    );
  } else if (counts.created || counts.updated || counts.missing || counts.returned) {
    log.info({ account, ...counts }, 'synced');
  } else {
    log.debug({ account, ...counts }, row.not_modified ? 'not modified' : 'unchanged');
  }
}

/** Paths in one line of the log; the others are only counted. */
const MAX_PATHS = 10;

/** Logs the problems of cases that a run recorded, by their path: one line, however many cases have them. */
export function logProblems(log: Log, account: string, problems: ReadonlyMap<string, number>): void {
  const byNumber = [...problems].sort(([, one], [, other]) => other - one);
  const total = byNumber.reduce((sum, [, count]) => sum + count, 0);
  const paths = Object.fromEntries(byNumber.slice(0, MAX_PATHS).map(([path, count]) => [path || 'others', count]));
  const rest = byNumber.length - MAX_PATHS;
  log.warn(
    { account, problems: total, paths, ...(rest > 0 && { morePaths: rest }) },
    `${account}: ${total} fields of cases are not as the API documents them; the cases are saved, and reporting.case_problems names the places`,
  );
}

function nonZeroCounts(row: RunRow) {
  const counts = {
    seen: row.cases_seen,
    created: row.cases_created,
    updated: row.cases_updated,
    missing: row.cases_missing,
    returned: row.cases_returned,
    heldBack: row.missing_held_back,
    transitions: row.transitions_recorded,
    rejected: row.items_rejected,
    retries: row.retries,
  };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)) as Partial<typeof counts>;
}

/**
 * Serializes an error: name, code, message, stack and causes. Other fields may hold secrets: axios keeps headers there.
 */
export function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    name: error.name,
    ...('code' in error && { code: error.code }),
    message: error.message,
    stack: error.stack,
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  };
}
