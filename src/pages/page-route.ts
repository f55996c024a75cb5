import type { FastifyInstance, FastifyReply } from 'fastify';
import { shortTime } from '../model/time-text.ts';
import type { Database, Transaction } from '../store/postgres/pool.ts';
import { onlyRow } from '../store/postgres/query.ts';
import type { Gate, ViewerSettings } from './access/gate.ts';
import { urlOf } from './access/sign-in.ts';
import { admit, answerUnknown } from './admission.ts';
import type { ErrorLog, PagesLog } from './error-log.ts';
import { awayError, BUSY, FILES_BUSY, isWithoutCode, type PageError, pageError } from './errors.ts';
import { type AccountName, filtersOf, isUnknownAccount, typedAccountAddress } from './html/filters.ts';
import type { LastKnown } from './last-known.ts';
import { csvBlock, NO_ACCOUNT, type Page, type PageAnswer, type PageRequest } from './page.ts';
import { sendAgain, sendAnswer, sendError } from './send.ts';
import type { StaticFiles } from './static/files.ts';
import { FILE_STATEMENT_TIMEOUT_MS, readAs, type Viewer } from './viewer.ts';

/** The worker's part of the pages. */
export type PagesOptions = {
  /** The pages' own pool, see PAGE_POOL. */
  database: Database;
  /** The zone of days and times. */
  timezone: string;
  /** Empty = only a person at this machine may look. */
  viewers: readonly ViewerSettings[];
  log: PagesLog;
  /** The begin of the outage that the worker sees; null = none. Without it, the first page that failed counts. */
  outageSince?: () => Date | null;
  /** Milliseconds that a wrong token waits for its answer. */
  wrongTokenDelayMs?: number;
};

/** The options, and the parts that all routes share. */
export type Parts = PagesOptions & {
  gate: Gate;
  files: StaticFiles;
  lastKnown: LastKnown;
  errors: ErrorLog;
  /** Pages that have a connection now, and those of them that send a long file. */
  reading: { pages: number; longFiles: number };
};

/** A slow reader of a long file holds a connection for minutes; the others are for pages. */
const MOST_LONG_FILES = 2;

/** Adds the route of a page. */
export function addPage(scope: FastifyInstance, page: Page, parts: Parts): void {
  scope.get<{ Params: Record<string, string> }>(page.path, async (request, reply) => {
    const viewer = await admit(request, reply, parts);
    if (viewer === null) return reply;
    const url = urlOf(request);
    // Postgres stores no NUL in a text, so nothing on a page can have it.
    if (url.href.includes('%00')) return answerUnknown(request, reply, parts);
    const gone = readerHasGone(reply);
    const onError = (error: unknown, meaning = pageError(error)) => {
      if (!gone.aborted) parts.errors.note(error, { page: page.path, viewer: viewer.name }, meaning);
    };
    const asked = { url, viewer, params: request.params, parts, onError, gone };
    const progress = { hasConnection: false, hasBegun: false };
    await answerPage(reply, page, asked, progress)
      .catch((error: unknown) => {
        if (gone.aborted) return;
        // The pool throws the same error if the server does not answer and if all connections are in use.
        const isBusy = !progress.hasConnection && isWithoutCode(error) && parts.reading.pages > 0;
        const meaning = isBusy ? BUSY : pageError(error);
        onError(error, meaning);
        // An answer that had begun has an error block already.
        if (!progress.hasBegun) sendFailure(reply, meaning, asked);
      })
      .finally(() => {
        if (progress.hasConnection) parts.reading.pages -= 1;
      });
    return reply;
  });
}

type Asked = {
  url: URL;
  viewer: Viewer;
  params: Record<string, string>;
  parts: Parts;
  onError: (error: unknown) => void;
  /** Aborts when the reader has gone. */
  gone: AbortSignal;
};

/** Without it, readers who load a slow page again and again would keep all connections in use. */
function readerHasGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort();
  });
  return gone.signal;
}

/** Reads and sends a page in one transaction. `progress` tells the caller how far it came before an error. */
function answerPage(
  reply: FastifyReply,
  page: Page,
  { url, viewer, params, parts, onError, gone }: Asked,
  progress: { hasConnection: boolean; hasBegun: boolean },
): Promise<void> {
  const { database, timezone, files, lastKnown, reading } = parts;
  const limit = csvBlock(url) === null ? {} : { limitMs: FILE_STATEMENT_TIMEOUT_MS };
  return readAs(database, { role: viewer.role, timezone, signal: gone, ...limit }, async (tx, atOnce) => {
    const now = await readNow(tx);
    progress.hasConnection = true;
    reading.pages += 1;
    const shown = { clock: { now, timezone }, filters: filtersOf(url), accounts: await readAccounts(tx) };
    lastKnown.noteAnswer();
    const typed = typedAccountAddress(url, shown.accounts);
    const answer = typed === null ? await answerOf(page, { tx, atOnce, url, params, ...shown }) : redirectTo(typed);
    const frame = { url, files: files.addresses, shown, viewer: viewer.name, hasPeriod: page.hasPeriod ?? true };
    progress.hasBegun = true;
    const isLongFile = answer.kind === 'csv' && Symbol.asyncIterator in answer.lines;
    if (isLongFile && reading.longFiles >= MOST_LONG_FILES) return sendError(reply, FILES_BUSY, frame);
    reading.longFiles += Number(isLongFile);
    const sent = await sendAnswer(reply, answer, { frame, onError }).finally(() => {
      reading.longFiles -= Number(isLongFile);
    });
    if (sent !== null) lastKnown.keep(viewer, url, sent);
  });
}

/** A file about an unknown account would be empty, and a program could take that for zero cases. */
async function answerOf(page: Page, request: PageRequest): Promise<PageAnswer> {
  return csvBlock(request.url) !== null && isUnknownAccount(request) ? NO_ACCOUNT : page.answer(request);
}

function redirectTo(to: string): PageAnswer {
  return { kind: 'redirect', to };
}

/** Sends the last known page while the database is away; without one, and for other errors, the error and its remedy. */
function sendFailure(
  reply: FastifyReply,
  meaning: PageError,
  { url, viewer, parts }: Pick<Asked, 'url' | 'viewer' | 'parts'>,
): void {
  const { timezone, files, lastKnown, outageSince } = parts;
  const frame = { url, files: files.addresses, shown: null, viewer: viewer.name };
  if (meaning.kind === 'forbidden') lastKnown.forget(viewer);
  if (meaning.kind !== 'away') {
    sendError(reply, meaning, frame);
    return;
  }
  const noted = lastKnown.noteOutage();
  const since = outageSince?.() ?? noted;
  const last = lastKnown.find(viewer, url, since);
  if (last === null) sendError(reply, awayError(shortTime(since, { now: new Date(), timezone })), frame);
  else sendAgain(reply, last);
}

async function readNow(tx: Transaction): Promise<Date> {
  return onlyRow(await tx.$queryRaw<{ now: Date }[]>`select now()`).now;
}

function readAccounts(tx: Transaction): Promise<AccountName[]> {
  return tx.$queryRaw<AccountName[]>`
    select account_id as id, account_label as label
    from reporting.accounts
    order by account_id`;
}
