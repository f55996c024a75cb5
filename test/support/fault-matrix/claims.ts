// What must be true of a round: codes, tries, time, the others' data, the log, `status`, and no secrets.
import { isDeepStrictEqual } from 'node:util';
import type { ErrorCode } from '../../../src/model/sync-error.ts';
import type { Place } from './cells.ts';
import type { Expected } from './expected.ts';
import { type Job, type Line, type Service, SUBJECT } from './service.ts';

type Round = Awaited<ReturnType<Service['round']>>;
export type Told = {
  round: Round;
  expected: { discoveries: Record<string, Expected>; runs: Record<string, Expected> };
  /** Of each `Retry-After`, in seconds. */
  waits: number[];
  /** Null if it was not asked for. */
  status: string | null;
  secrets: string[];
  failedBefore: Pick<Told, 'expected'> | null;
};

/** Words of "what to do", docs/operating.md. */
const ADVICE: Partial<Record<ErrorCode, RegExp>> = {
  AUTH: /clientId and clientSecret|the client belongs to/,
  FORBIDDEN: /scope read:accounts or admin:accounts/,
  NOT_FOUND: /api\.baseUrl.*account id/,
  RATE_LIMITED: /schedule fewer runs|cdd-sync check/,
  HTTP: /next run tries again|api\.baseUrl|HTTPS_PROXY/,
  NETWORK: /next run tries again|api\.baseUrl|NODE_OPTIONS|tell its operator/,
  TIMEOUT: /next run tries again/,
  TRUNCATED: /next run reads it again/,
  NOT_JSON: /Check that api\.baseUrl/,
  MASS_DISAPPEARANCE: /--accept-missing/,
  UNREADABLE_ITEM: /cdd-sync rejected/,
};
const PATHS: Record<Place, RegExp> = {
  partnerToken: /POST \/accounts\/P11200000\/auth\/token/,
  merchants: /GET \/accounts\/P11200000\/management\/accounts/,
  exchange: /POST \/accounts\/P11200000\/auth\/exchange_token/,
  token: /POST \/accounts\/P11200001\/auth\/token/,
  cases: /GET \/accounts\/P11200001\/management\/settings\/cdd\/cases/,
};
/** "The run is tried again by itself." */
const TRIED_AGAIN: readonly ErrorCode[] = ['NETWORK', 'TIMEOUT', 'TRUNCATED'];
/** Backoff of five tries at most: 1 + 2 + 4 + 8 s, at four requests of a run, with each token once renewed. */
const BACKOFF_MS = 15_000 * 4 * 2;
const WARN = 40;
const ERROR = 50;

/** The differences between a round and the rules. */
export function differencesOf(told: Told): string[] {
  const { round, expected, secrets, status } = told;
  const discoveries = Object.entries(expected.discoveries).flatMap(([id, { tries }]) =>
    unless(id, 'tries', round.discoveries[id], tries),
  );
  const runs = Object.entries(expected.runs).flatMap(([id, run]) => ofRun(id, run, round.jobs.get(id), told));
  const messages = [...round.jobs.values()].map(({ row }) => row?.error_message ?? '');
  const said = [...round.lines.map((line) => JSON.stringify(line)), ...messages, status ?? ''].join('\n');
  const leaked = secrets.filter((secret) => said.includes(secret)).map((secret) => `a secret was told: ${secret}`);
  return [...discoveries, ...runs, ...ofLog(told), ...ofStatus(told), ...leaked];
}

function ofRun(
  id: string,
  { failure, effect, tries }: Expected,
  job: Job | undefined,
  { round, waits }: Told,
): string[] {
  if (job?.row == null) return [`${id}: no run`];
  const { row } = job;
  const { partial, missing = 0 } = effect;
  const isUnread = failure !== null || partial !== undefined || missing > 0 || effect.withEtag !== undefined;
  const mayDiffer = isUnread || effect.hasProblems === true || effect.isOther === true;
  const longest = Math.max(0, ...waits);
  const limit = BACKOFF_MS + waits.length * longest * 1000;
  return [
    ...unless(id, 'state', row.state, failure ? 'failed' : partial ? 'partial' : 'succeeded'),
    ...unless(id, 'code', row.error_code, failure?.code ?? effect.code),
    ...unless(id, 'tries', job.tries, tries),
    ...unless(id, 'marked missing', row.cases_missing, missing),
    ...unless(id, 'held back', row.missing_held_back, partial?.heldBack ?? 0),
    ...(failure ? [] : unless(id, 'rejected', row.items_rejected, partial?.rejected ?? 0)),
    ...(id !== SUBJECT || !mayDiffer ? unless(id, 'wrong data', round.wrongData.includes(id) && !failure, false) : []),
    ...unless(id, 'tried again by the queue', job.isTriedAgain, isTriedAgain(failure)),
    ...(job.waitedMs > limit ? [`${id}: waited ${job.waitedMs} ms, more than ${limit}`] : []),
    ...(failure ? wordsMissing(id, failure, row.error_message ?? '') : []),
    ...(partial && effect.says
      ? wordsOf(id, row.error_message ?? '', [new RegExp(effect.says), adviceOf(effect.code)])
      : []),
  ];
}

/** A permanent failure of the network waits for the next tick. */
function isTriedAgain(failure: Expected['failure']): boolean {
  if (failure === null || !TRIED_AGAIN.includes(failure.code)) return false;
  return failure.code !== 'NETWORK' || /closed/.test(failure.says);
}

const adviceOf = (code: ErrorCode | null): RegExp => (code === null ? /./ : (ADVICE[code] ?? /./));

/** The account, the request, the reason, and the advice. */
function wordsMissing(id: string, { code, place, says }: NonNullable<Expected['failure']>, message: string): string[] {
  const isHeld = says.startsWith('allows no request');
  return wordsOf(id, message, [new RegExp(id), ...(isHeld ? [] : [PATHS[place]]), new RegExp(says), adviceOf(code)]);
}

function wordsOf(id: string, message: string, words: RegExp[]): string[] {
  return words.filter((word) => !word.test(message)).map((word) => `${id}: "${message}" does not say ${word}`);
}

/** One line for each problem that begins, one for each that is over, and one for each wait. */
function ofLog({ round, expected, waits, failedBefore }: Told): string[] {
  const loud = round.lines.filter(({ level }) => level >= WARN).map(nameOf);
  const waitLines = waits.flatMap((seconds) => (seconds > 3600 ? [`${WARN} wait`, `${WARN} wait`] : [`${WARN} wait`]));
  const problems = [
    ...Object.entries(expected.discoveries).flatMap(([id, { failure }]) =>
      failure ? [`${ERROR} ${id} ${failure.code}`] : [],
    ),
    ...Object.entries(expected.runs).flatMap(([id, { failure, effect }]) => {
      if (failure) return [`${ERROR} ${id} ${failure.code}`];
      if (effect.partial) return [`${WARN} ${id}${effect.code === null ? '' : ` ${effect.code}`}`];
      return effect.hasProblems ? [`${WARN} ${id} fields`] : [];
    }),
  ];
  const over = round.lines.filter(({ msg }) => / succeeds again, after /.test(msg)).map(({ account }) => account);
  const wereOver = Object.entries(failedBefore?.expected.runs ?? {}).filter(
    ([, { failure, effect }]) => failure ?? effect.partial,
  );
  return [
    ...unless('log', 'warnings and errors', loud.sort(), [...problems, ...waitLines].sort()),
    ...unless(
      'log',
      'ends of problems',
      over,
      wereOver.map(([id]) => id),
    ),
    ...round.lines.flatMap(({ level, partner, msg }) => {
      const failure = expected.discoveries[partner ?? '']?.failure;
      return level === ERROR && partner !== undefined && failure
        ? [
            ...wordsMissing(partner, failure, msg),
            ...wordsOf(partner, msg, [/known merchants of P\d+ are synced as before/]),
          ]
        : [];
    }),
  ];
}

function nameOf({ level, account, partner, code, msg }: Line): string {
  if (msg.includes('(Retry-After)')) return `${level} wait`;
  const suffix = msg.includes('fields of cases') ? ' fields' : code ? ` ${code}` : '';
  return `${level} ${account ?? partner ?? ''}${suffix}`;
}

/** The last error of each account, and none of those that are well. */
function ofStatus({ status, expected, round }: Told): string[] {
  if (status === null) return [];
  return Object.entries(expected.runs).flatMap(([id, { failure, effect }]) => {
    const row =
      status.split('\n').find((line) => line.includes(id) && /\b(succeeded|failed|partial)\b/.test(line)) ?? '';
    const state = failure ? 'failed' : effect.partial ? 'partial' : 'succeeded';
    const message = round.jobs.get(id)?.row?.error_message ?? null;
    const isToldOf = new RegExp(`^(\\w+)? *${id}: `, 'm').test(status);
    return [
      ...unless(
        id,
        'row of status',
        [state, failure?.code ?? effect.code ?? ''].every((word) => row.includes(word)),
        true,
      ),
      ...(message === null
        ? unless(id, 'told by status', isToldOf, false)
        : unless(id, 'message in status', status.includes(message), true)),
      ...(failure?.says.startsWith('allows no request') && id === SUBJECT && failure.place !== 'partnerToken'
        ? wordsOf(id, status, [new RegExp(`^(Waiting)? +${SUBJECT} waits until`, 'm')])
        : []),
    ];
  });
}

function unless(id: string, what: string, is: unknown, expected: unknown): string[] {
  return isDeepStrictEqual(is, expected)
    ? []
    : [`${id}: ${what} is ${JSON.stringify(is)}, and should be ${JSON.stringify(expected)}`];
}
