import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Transaction } from '../store/postgres/pool.ts';
import { onlyRow } from '../store/postgres/query.ts';
import { urlOf } from './access/sign-in.ts';
import { admit, answerUnknown } from './admission.ts';
import { BUSY, FILES_BUSY, isWithoutCode, pageError } from './errors.ts';
import { sendFailure } from './failure.ts';
import { type AccountName, filtersOf, isUnknownAccount, typedAccountAddress } from './html/filters.ts';
import { csvBlock, NO_ACCOUNT, type Page, type PageAnswer, type PageRequest } from './page.ts';
import type { Asked, Parts } from './parts.ts';
import { sendAgain, sendAnswer, sendError } from './send.ts';
import { FILE_STATEMENT_TIMEOUT_MS, readAs } from './viewer.ts';

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
    const isRefresh = request.headers['x-refresh'] !== undefined;
    const asked = { url, viewer, params: request.params, parts, onError, gone, isRefresh };
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
  { url, viewer, params, parts, onError, gone, isRefresh }: Asked,
  progress: { hasConnection: boolean; hasBegun: boolean },
): Promise<void> {
  const { database, timezone, files, lastKnown, reading } = parts;
  const limit = csvBlock(url) === null ? {} : { limitMs: FILE_STATEMENT_TIMEOUT_MS };
  return readAs(database, { role: viewer.role, timezone, signal: gone, ...limit }, async (tx, atOnce) => {
    // Waits for no lock, so a page that has a connection is known as such.
    const now = await readNow(tx);
    progress.hasConnection = true;
    reading.pages += 1;
    const shown = { clock: { now, timezone }, filters: filtersOf(url), accounts: await readAccounts(tx) };
    lastKnown.noteAnswer(viewer, { seesNames: await readSeesNames(tx), accounts: shown.accounts });
    const recent = isRefresh ? lastKnown.recent(viewer, url) : null;
    if (recent !== null) return sendAgain(reply, recent, 200);
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

async function readNow(tx: Transaction): Promise<Date> {
  return onlyRow(await tx.$queryRaw<{ now: Date }[]>`select now()`).now;
}

/** Null before the settings of the reports were saved. */
async function readSeesNames(tx: Transaction): Promise<boolean | null> {
  const [row] = await tx.$queryRaw<{ sees_names: boolean }[]>`select sees_names from reporting.settings`;
  return row?.sees_names ?? null;
}

function readAccounts(tx: Transaction): Promise<AccountName[]> {
  return tx.$queryRaw<AccountName[]>`
    select account_id as id, account_label as label
    from reporting.accounts
    order by account_id`;
}
