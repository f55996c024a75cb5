import { PassThrough } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { BYTE_ORDER_MARK } from '../model/csv.ts';
import { errorBlock, errorBody, missingPage, type PageError, pageError, wrongAddress } from './errors.ts';
import { type Html, html } from './html/html.ts';
import { type Frame, type OpenFrame, page, pageEnd, pageStart } from './html/layout.ts';
import type { ShownPage } from './last-known.ts';
import type { PageAnswer } from './page.ts';

const HTML = 'text/html; charset=utf-8';

/**
 * Sends a page's answer. Resolves after the last piece, because the transaction must stay open until then. Returns the
 * whole page, to be kept; null for other answers and for a page that broke off, whose error goes to `onError`.
 */
export async function sendAnswer(
  reply: FastifyReply,
  answer: PageAnswer,
  { frame, onError }: { frame: OpenFrame; onError: (error: unknown) => void },
): Promise<ShownPage | null> {
  if (answer.kind === 'page') return sendPage(reply, answer, { frame, onError });
  if (answer.kind === 'redirect') reply.redirect(answer.to, 303);
  if (answer.kind === 'missing') sendError(reply, missingPage(answer.words), frame);
  if (answer.kind === 'wrong') sendError(reply, wrongAddress(answer.words), frame);
  if (answer.kind === 'csv') await sendCsv(reply, answer, { frame, onError });
  return null;
}

/** Sends a page as it was shown before. */
export function sendAgain(reply: FastifyReply, { frame, title, isLive, body }: ShownPage, status: 200 | 503): void {
  reply
    .code(status)
    .type(HTML)
    .send(page({ ...frame, title, isLive }, body).text);
}

async function sendPage(
  reply: FastifyReply,
  { title, body, isLive = false }: PageAnswer & { kind: 'page' },
  { frame, onError }: { frame: OpenFrame; onError: (error: unknown) => void },
): Promise<ShownPage | null> {
  const full: Frame = { ...frame, title, isLive };
  if (!(Symbol.asyncIterator in body)) {
    reply.type(HTML).send(page(full, body).text);
    return { title, body, frame, isLive };
  }
  const stream = new PassThrough();
  reply.type(HTML).send(stream);
  stream.write(pageStart(full).text);
  const pieces: Html[] = [];
  try {
    for await (const piece of body) {
      if (stream.destroyed) return null;
      stream.write(piece.text);
      pieces.push(piece);
    }
  } catch (error) {
    onError(error);
    stream.end(errorBlock(pageError(error)).text + pageEnd().text);
    return null;
  }
  stream.end(pageEnd().text);
  return { title, body: html`${pieces}`, frame, isLive };
}

/** Sends an error as a page. */
export function sendError(reply: FastifyReply, error: PageError, frame: OpenFrame): void {
  reply
    .code(error.status)
    .type(HTML)
    .send(page({ ...frame, title: error.title }, errorBody(error)).text);
}

type Csv = PageAnswer & { kind: 'csv' };

/**
 * Sends line by line, as fast as the client takes them: the list of all cases has many megabytes. An error before the
 * first line is told on a page; a later one breaks the connection, so that a file that ends early does not look whole.
 */
async function sendCsv(
  reply: FastifyReply,
  { name, lines }: Csv,
  { frame, onError }: { frame: OpenFrame; onError: (error: unknown) => void },
): Promise<void> {
  let file: PassThrough | null = null;
  try {
    for await (const line of lines) {
      file ??= beginFile(reply, name);
      if (file.destroyed) return;
      if (!file.write(line)) await drained(file);
    }
    file ??= beginFile(reply, name);
    file.end();
  } catch (error) {
    onError(error);
    if (file === null) sendError(reply, pageError(error), frame);
    else file.destroy(new Error('the rest of the rows could not be read'));
  }
}

function beginFile(reply: FastifyReply, name: string): PassThrough {
  const file = new PassThrough();
  const fileName = name.replace(/[^\w.-]+/g, '-');
  void reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${fileName}.csv"`)
    .send(file);
  file.write(BYTE_ORDER_MARK);
  return file;
}

/** Resolves when the reader has taken what was written, or has gone. */
function drained(stream: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
  });
}
