import type { FastifyInstance } from 'fastify';
import { Gate } from './access/gate.ts';
import { SECURITY_HEADERS } from './access/headers.ts';
import { addSignIn, sendRefusal } from './access/sign-in.ts';
import { accountPage } from './accounts/account-page.ts';
import { accountsPage } from './accounts/page.ts';
import { runPage } from './accounts/run-page.ts';
import { answerUnknown, emptyFrame } from './admission.ts';
import { casePage } from './case/page.ts';
import { casesPage } from './cases/page.ts';
import { ErrorLog } from './error-log.ts';
import { pageError } from './errors.ts';
import { LastKnown } from './last-known.ts';
import { monthPage } from './months/month-page.ts';
import { monthsPage } from './months/page.ts';
import { ReportedFigures } from './months/reported.ts';
import { overviewPage } from './overview/page.ts';
import type { Page } from './page.ts';
import { addPage } from './page-route.ts';
import type { PagesOptions } from './parts.ts';
import { sendError } from './send.ts';
import { readStaticFiles } from './static/files.ts';
import { addStaticFiles } from './static/route.ts';
import { viewPage, viewsPage } from './views/page.ts';

const PAGES: readonly Page[] = [
  overviewPage,
  accountsPage,
  accountPage,
  runPage,
  casesPage,
  casePage,
  monthsPage,
  viewsPage,
  viewPage,
];

/** Adds the pages to the worker's HTTP server. They only read, and only schema `reporting`. */
export async function addPages(app: FastifyInstance, options: PagesOptions): Promise<void> {
  const files = await readStaticFiles();
  const gate = new Gate(options);
  const lastKnown = new LastKnown();
  const errors = new ErrorLog(options.log);
  const reading = { pages: 0, longFiles: 0 };
  await app.register(async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => void reply.headers(SECURITY_HEADERS));
    scope.setErrorHandler((error, request, reply) => {
      const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
      // An error of fastify, such as a body that is too large.
      if (status < 500) return sendRefusal(reply, { status, words: 'This request cannot be answered.' });
      errors.note(error, { page: request.routeOptions.url ?? '', viewer: null });
      sendError(reply, pageError(error), emptyFrame(request, files));
      return reply;
    });
    addStaticFiles(scope, gate, files);
    addSignIn(scope, { gate, files: files.addresses });
    for (const page of [...PAGES, monthPage(new ReportedFigures())])
      addPage(scope, page, { ...options, gate, files, lastKnown, errors, reading });
    scope.get('*', (request, reply) => answerUnknown(request, reply, { gate, files }));
  });
}
