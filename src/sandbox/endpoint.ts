import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorBody } from './api-error.ts';
import type { Endpoint, Fault } from './faults.ts';
import { isObject } from './json.ts';
import { writeResponse } from './response.ts';
import type { State } from './state.ts';

/** A request to an endpoint. */
export type Incoming = { accountId: string; body: unknown; raw: IncomingMessage; query: URLSearchParams };

/** The response of an endpoint without a fault. */
export type Result = { pieces: Iterable<Buffer>; headers?: Record<string, string>; isNotModified?: boolean };

export type EndpointRoute = {
  method: 'GET' | 'POST';
  /** With `:accountId`. */
  path: string;
  endpoint: Endpoint;
  /** Throws an ApiError for a request that the API would refuse. */
  handle: (state: State, incoming: Incoming, fault: Fault | null) => Result;
};

const jsonType = { 'content-type': 'application/json; charset=utf-8' };

/** Adds an endpoint of the API, with its faults. */
export function addEndpoint(app: FastifyInstance, state: State, route: EndpointRoute): void {
  app.route<{ Params: { accountId: string } }>({
    method: route.method,
    url: route.path,
    // Fastify would add HEAD to every GET, but the API documents none.
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const { accountId } = request.params;
      const fault = state.faults.take(route.endpoint, [accountId, merchantIn(request.body)]);
      if (fault && replaceResponse(fault, request, reply)) return reply;
      if (fault?.kind === 'delay') await pause(fault.seconds, reply);
      const query = new URL(request.url, 'http://sandbox').searchParams;
      const result = route.handle(state, { accountId, body: request.body, raw: request.raw, query }, fault);
      const headers = { ...jsonType, ...result.headers };
      if (result.isNotModified) return reply.code(304).headers(headers).send();
      reply.hijack();
      state.requestLog.setStatus(request.raw, 200);
      await writeResponse(reply.raw, {
        headers,
        pieces: result.pieces,
        isGzipped: /\bgzip\b/.test(request.headers['accept-encoding'] ?? ''),
        fault,
        resume: state.faults.cleared(),
      });
      return reply;
    },
  });
}

/** A JSON body as a result. */
export function json(body: unknown): Result {
  return { pieces: [Buffer.from(JSON.stringify(body))] };
}

/** Sends the response of a fault that replaces the correct one; returns false for other faults. */
function replaceResponse(fault: Fault, request: FastifyRequest, reply: FastifyReply): boolean {
  switch (fault.kind) {
    case 'status':
      if (fault.retryAfter !== undefined) reply.header('retry-after', String(fault.retryAfter));
      if (fault.location !== undefined) reply.header('location', fault.location);
      reply.code(fault.status).send(errorBody(fault.status, statusMessage(fault, request)));
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
    case 'reset':
      reply.hijack();
      reply.raw.socket?.resetAndDestroy();
      return true;
    case 'raw':
      reply.hijack();
      reply.raw.socket?.end(Buffer.from(fault.bytes, 'latin1'));
      return true;
    default:
      return false;
  }
}

function statusMessage({ echo = false }: Extract<Fault, { kind: 'status' }>, { headers }: FastifyRequest): string {
  const text = 'The sandbox was told to answer this';
  return echo ? `${text} to ${headers.authorization}` : text;
}

/** Waits. Throws an AbortError if the client disconnects, which ends the request. */
async function pause(seconds: number, reply: FastifyReply): Promise<void> {
  const disconnected = new AbortController();
  reply.raw.once('close', () => disconnected.abort());
  await delay(seconds * 1000, undefined, { signal: disconnected.signal });
}

/** The merchant in the body of a token exchange; empty for other requests. */
function merchantIn(body: unknown): string {
  return isObject(body) && typeof body.account_id === 'string' ? body.account_id : '';
}
