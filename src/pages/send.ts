import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { errorBlock, errorBody, missingPage, type PageError, pageError } from './errors.ts';
import { html } from './html/html.ts';
import { type Frame, page, pageEnd, pageStart } from './html/layout.ts';
import type { PageAnswer } from './page.ts';

/** A page's frame before its title is known. */
export type OpenFrame = Omit<Frame, 'title' | 'isLive'>;

const HTML = 'text/html; charset=utf-8';

/**
 * Sends a page's answer, and resolves when its last piece was written: the transaction must stay open until then.
 * `onError` gets the error of a page that had begun.
 */
export async function sendAnswer(
  reply: FastifyReply,
  answer: PageAnswer,
  { frame, onError }: { frame: OpenFrame; onError: (error: unknown) => void },
): Promise<void> {
  if (answer.kind === 'redirect') return void reply.redirect(answer.to, 303);
  if (answer.kind === 'missing') return sendError(reply, missingPage(answer.words), frame);
  if (answer.kind === 'csv') return sendCsv(reply, answer, onError);
  const full: Frame = { ...frame, title: answer.title, isLive: answer.isLive ?? false };
  if (!(Symbol.asyncIterator in answer.body)) return void reply.type(HTML).send(page(full, answer.body).text);
  const stream = new PassThrough();
  void reply.type(HTML).send(stream);
  stream.write(pageStart(full).text);
  try {
    for await (const piece of answer.body) stream.write(piece.text);
  } catch (error) {
    onError(error);
    stream.write(errorBlock(pageError(error)).text);
  }
  stream.end(pageEnd().text);
}

/** Sends an error as a page. */
export function sendError(reply: FastifyReply, error: PageError, frame: OpenFrame): void {
  const body = html`${errorBody(error)}`;
  void reply
    .code(error.status)
    .type(HTML)
    .send(page({ ...frame, title: error.title }, body).text);
}

type Csv = PageAnswer & { kind: 'csv' };

/** Line by line, as fast as the reader takes them: the list of all cases has many megabytes. */
async function sendCsv(reply: FastifyReply, { name, lines }: Csv, onError: (error: unknown) => void): Promise<void> {
  const stream = new PassThrough();
  const fileName = name.replace(/[^\w.-]+/g, '-');
  void reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${fileName}.csv"`)
    .send(stream);
  try {
    for await (const line of lines) {
      if (stream.destroyed) return;
      if (!stream.write(line)) await Promise.race([once(stream, 'drain'), once(stream, 'close')]);
    }
    stream.end();
  } catch (error) {
    onError(error);
    // A file that ends early must not look whole.
    stream.destroy(new Error('the rest of the rows could not be read'));
  }
}
