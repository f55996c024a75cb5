import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Database, Transaction } from '../store/postgres/pool.ts';
import { Gate, type ViewerSettings } from './access/gate.ts';
import { SECURITY_HEADERS } from './access/headers.ts';
import { addSignIn, sendRefusal, sendSignIn, urlOf } from './access/sign-in.ts';
import { accountPage } from './accounts/account-page.ts';
import { accountsPage } from './accounts/page.ts';
import { runPage } from './accounts/run-page.ts';
import { casesPage } from './cases/page.ts';
import { isAway, missingPage, pageError } from './errors.ts';
import { type AccountName, filtersOf } from './html/filters.ts';
import type { OpenFrame } from './html/layout.ts';
import { pathOf } from './html/link.ts';
import { LastKnown } from './last-known.ts';
import { monthsPage } from './months/page.ts';
import { overviewPage } from './overview/page.ts';
import type { Page } from './page.ts';
import { sendAgain, sendAnswer, sendError } from './send.ts';
import { readStaticFiles, type StaticFiles } from './static/files.ts';
import { addStaticFiles } from './static/route.ts';
import { readAs, type Viewer } from './viewer.ts';
import { viewPage, viewsPage } from './views/page.ts';

export type PagesOptions = {
  /** The pages' own pool, see PAGE_POOL. */
  database: Database;
  /** Days and times are shown in this zone. */
  timezone: string;
  /** None: only a person at this machine may look. */
  viewers: readonly ViewerSettings[];
  log: PagesLog;
  /** Milliseconds before a wrong token is answered. */
  wrongTokenDelayMs?: number;
};

type PagesLog = Record<'warn' | 'error' | 'debug', (details: object, words: string) => void>;

const PAGES: readonly Page[] = [
  overviewPage,
  accountsPage,
  accountPage,
  runPage,
  casesPage,
  monthsPage,
  viewsPage,
  viewPage,
];

/** Adds the pages to the worker's HTTP server. They only read, and only schema `reporting`. */
export async function addPages(app: FastifyInstance, options: PagesOptions): Promise<void> {
  const files = await readStaticFiles();
  const gate = new Gate(options);
  await app.register(async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => void reply.headers(SECURITY_HEADERS));
    scope.setErrorHandler((error, request, reply) => {
      const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
      // The server's own: a body that is too large, for instance.
      if (status < 500) return sendRefusal(reply, { status, words: 'This request cannot be answered.' });
      logError(options.log, error);
      sendError(reply, pageError(error), emptyFrame(request, files));
      return reply;
    });
    addStaticFiles(scope, gate, files);
    addSignIn(scope, { gate, files: files.addresses });
    const lastKnown = new LastKnown();
    for (const page of PAGES) addPage(scope, page, { ...options, gate, files, lastKnown });
    scope.get('*', (request, reply) => answerUnknown(request, reply, { gate, files }));
  });
}

type Parts = PagesOptions & { gate: Gate; files: StaticFiles; lastKnown: LastKnown };

function addPage(scope: FastifyInstance, page: Page, { database, timezone, log, gate, files, lastKnown }: Parts): void {
  scope.get<{ Params: Record<string, string> }>(page.path, async (request, reply) => {
    const viewer = await admit(request, reply, { gate, files });
    if (viewer === null) return reply;
    const url = urlOf(request);
    // Postgres has no text with this character, so no page can be about it.
    if (url.href.includes('%00')) return answerUnknown(request, reply, { gate, files });
    const key = `${viewer.name} ${pathOf(url)}${url.search}`;
    let hasBegun = false;
    await readAs(database, { role: viewer.role, timezone }, async (tx) => {
      const shown = {
        clock: { now: await readNow(tx), timezone },
        filters: filtersOf(url),
        accounts: await readAccounts(tx),
      };
      const answer = await page.answer({ tx, url, params: request.params, ...shown });
      const frame = { url, files: files.addresses, shown, viewer: viewer.name };
      hasBegun = true;
      const sent = await sendAnswer(reply, answer, { frame, onError: (error) => logError(log, error) });
      if (sent !== null) lastKnown.keep(key, sent);
    }).catch((error: unknown) => {
      const last = isAway(error) ? lastKnown.find(key) : null;
      if (hasBegun) logError(log, error);
      else if (last === null) throw error;
      else sendAgain(reply, last);
    });
    return reply;
  });
}

/** The viewer of a request; null if the answer was sent already. */
async function admit(
  request: FastifyRequest,
  reply: FastifyReply,
  { gate, files }: Pick<Parts, 'gate' | 'files'>,
): Promise<Viewer | null> {
  const decision = await gate.decide(request);
  if (decision.kind === 'viewer') return decision.viewer;
  if (decision.kind === 'refused') sendRefusal(reply, decision);
  else sendSignIn(request, reply, files.addresses);
  return null;
}

/** Programs get the worker's plain answer; a person gets a page, if they may see one. */
async function answerUnknown(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: Pick<Parts, 'gate' | 'files'>,
): Promise<FastifyReply> {
  if (!request.headers.accept?.includes('text/html')) {
    reply.callNotFound();
    return reply;
  }
  if ((await admit(request, reply, parts)) === null) return reply;
  sendError(reply, missingPage('There is no such page.'), emptyFrame(request, parts.files));
  return reply;
}

function emptyFrame(request: FastifyRequest, { addresses }: StaticFiles): OpenFrame {
  return { url: urlOf(request), files: addresses, shown: null, viewer: null };
}

/** An outage is logged by the worker's watch, once. */
function logError(log: PagesLog, error: unknown): void {
  const { status } = pageError(error);
  log[status === 503 ? 'debug' : 'error']({ err: error }, 'a page could not be shown');
}

async function readNow(tx: Transaction): Promise<Date> {
  const [row] = await tx.$queryRaw<{ now: Date }[]>`select now()`;
  return row?.now ?? new Date();
}

function readAccounts(tx: Transaction): Promise<AccountName[]> {
  return tx.$queryRaw<AccountName[]>`
    select account_id as id, account_label as label
    from reporting.accounts
    order by account_id`;
}
