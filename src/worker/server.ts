import { STATUS_CODES } from 'node:http';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Log } from '../log.ts';
import { UsageError } from '../model/usage-error.ts';
import { within } from './timeout.ts';
import { addHookRoute, type Webhook } from './webhook-route.ts';

/** Something the worker needs. Its message is shown to whoever asks: no connection string, nothing of a case. */
type Check = { name: string; ok: boolean; message: string };

export type ServerOptions = {
  host: string;
  /** 0: any free one. */
  port: number;
  log: Log;
  /** Tries what the worker needs. */
  ready: () => Promise<Check[]>;
  metrics: { text: () => Promise<{ contentType: string; body: string }> };
  webhook: Webhook;
  /** How long the checks, or a nudge, may take before they count as failed. */
  patienceMs?: number;
};

export type Server = { url: string; close: () => Promise<void> };

const MEGABYTE = 1024 * 1024;
/** A client that takes longer to send its request is cut off, so that slow ones cannot use up all connections. */
const REQUEST_MS = 10_000;
/** Answers under way have this long when the server closes. */
const GRACE_MS = 500;

/**
 * Starts the worker's HTTP server: health, metrics and webhooks.
 * @throws UsageError when it cannot listen there.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { host, port, log } = options;
  const app = createApp(log);
  addEndpoints(app, { patienceMs: 2_000, ...options });
  const url = await app.listen({ host, port }).catch((error: unknown) => {
    throw cannotListen(options, error);
  });
  return {
    url,
    async close() {
      // The server itself closes what is idle, but waits for ever for a client that does not finish its request.
      const timer = setTimeout(() => app.server.closeAllConnections(), GRACE_MS);
      await app.close().finally(() => clearTimeout(timer));
    },
  };
}

/** An app without a logger of its own: Fastify's would write a line per request, and headers at some levels. */
function createApp(log: Log): FastifyInstance {
  const answerError = (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
    const status = error.statusCode !== undefined && error.statusCode < 500 ? error.statusCode : 500;
    if (status === 500) log.error({ err: error }, 'a request failed');
    else log.debug({ status }, 'a request was refused');
    return reply.code(status).send(plainError(status));
  };
  const app = fastify({
    bodyLimit: MEGABYTE,
    requestTimeout: REQUEST_MS,
    return503OnClosing: false,
    frameworkErrors: answerError,
    clientErrorHandler: (_error, socket) => {
      const body = JSON.stringify(plainError(400));
      const head = `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
      if (socket.writable) socket.write(`${head}\r\nconnection: close\r\n\r\n${body}`);
      socket.destroySoon();
    },
  });
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(plainError(404)));
  // A signature is over bytes; nothing here ever parses a body.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  return app;
}

function addEndpoints(app: FastifyInstance, options: ServerOptions & { patienceMs: number }): void {
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const checks = await checksOf(options);
    const ready = checks.every(({ ok }) => ok);
    return reply.code(ready ? 200 : 503).send({ ready, checks });
  });
  app.get('/metrics', async (_request, reply) => {
    const { contentType, body } = await options.metrics.text();
    return reply.type(contentType).send(body);
  });
  addHookRoute(app, options);
}

async function checksOf({ ready, log, patienceMs }: ServerOptions & { patienceMs: number }): Promise<Check[]> {
  return within(patienceMs, ready).catch((err: unknown) => {
    // What an unexpected error says is for the log: nobody saw to it that everyone may read it.
    log.warn({ err }, 'whether the worker is ready could not be checked');
    return [{ name: 'checks', ok: false, message: 'failed, or took too long; the log says why' }];
  });
}

function plainError(status: number): { error: string } {
  return { error: STATUS_CODES[status] ?? 'Error' };
}

function cannotListen({ host, port }: ServerOptions, error: unknown): UsageError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const advice = code === 'EADDRINUSE' ? 'another program does; stop it, or choose' : 'choose';
  return new UsageError(
    `Cannot listen at ${host}:${port} (${code}): ${advice} another server.host, server.port, HOST or PORT.`,
  );
}
