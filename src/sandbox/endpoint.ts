import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { writeAnswer } from './answer.ts';
import { errorBody } from './api-error.ts';
import type { Endpoint, Fault } from './faults.ts';
import { isObject } from './json.ts';
import type { State } from './state.ts';

export type Incoming = { accountId: string; body: unknown; raw: IncomingMessage; query: URLSearchParams };

/** What an endpoint answers when nothing goes wrong; it throws an ApiError for what the API would refuse. */
export type Outcome = { pieces: Iterable<Buffer>; headers?: Record<string, string>; isNotModified?: boolean };

export type EndpointRoute = {
  method: 'GET' | 'POST';
  /** With `:accountId`. */
  path: string;
  endpoint: Endpoint;
  handle: (incoming: Incoming, fault: Fault | null) => Outcome;
};

const jsonType = { 'content-type': 'application/json; charset=utf-8' };

/** Adds an endpoint of the API, with the faults that were ordered for it. */
export function addEndpoint(app: FastifyInstance, state: State, route: EndpointRoute): void {
  app.route<{ Params: { accountId: string } }>({
    method: route.method,
    url: route.path,
    // Fastify would add HEAD to every GET; the API documents none.
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const { accountId } = request.params;
      const fault = state.faults.take(route.endpoint, [accountId, merchantIn(request.body)]);
      if (fault && answerWithFault(fault, reply)) return reply;
      if (fault?.kind === 'delay') await pause(fault.seconds, reply);
      const query = new URL(request.url, 'http://sandbox').searchParams;
      const outcome = route.handle({ accountId, body: request.body, raw: request.raw, query }, fault);
      const headers = { ...jsonType, ...outcome.headers };
      if (outcome.isNotModified) return reply.code(304).headers(headers).send();
      reply.hijack();
      state.requestLog.answered(request.raw, 200);
      await writeAnswer(reply.raw, {
        headers,
        pieces: outcome.pieces,
        isGzipped: /\bgzip\b/.test(request.headers['accept-encoding'] ?? ''),
        fault,
        released: state.faults.cleared(),
      });
      return reply;
    },
  });
}

/** A JSON body as an outcome. */
export function json(body: unknown): Outcome {
  return { pieces: [Buffer.from(JSON.stringify(body))] };
}

/** Answers a fault that leaves nothing of the right answer; false for all others. */
function answerWithFault(fault: Fault, reply: FastifyReply): boolean {
  switch (fault.kind) {
    case 'status':
      if (fault.retryAfter !== undefined) reply.header('retry-after', String(fault.retryAfter));
      if (fault.location !== undefined) reply.header('location', fault.location);
      reply.code(fault.status).send(errorBody(fault.status, 'The sandbox was told to answer this'));
      return true;
    case 'body':
      reply.type(fault.contentType ?? 'application/json').send(fault.body);
      return true;
    case 'html':
      reply.type('text/html').send('<!doctype html><html><body><h1>Down for maintenance</h1></body></html>');
      return true;
    case 'object':
      reply.type('application/json').send('{"items":[]}');
      return true;
    case 'empty':
      reply.type('application/json').send('');
      return true;
    case 'hangUp':
      reply.hijack();
      reply.raw.destroy();
      return true;
    default:
      return false;
  }
}

/** Waits, but not for a client that has left: then it raises an AbortError, which nobody hears. */
async function pause(seconds: number, reply: FastifyReply): Promise<void> {
  const left = new AbortController();
  reply.raw.once('close', () => left.abort());
  await delay(seconds * 1000, undefined, { signal: left.signal });
}

/** An exchange names the merchant in its body. */
function merchantIn(body: unknown): string {
  return isObject(body) && typeof body.account_id === 'string' ? body.account_id : '';
}
