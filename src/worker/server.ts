import { STATUS_CODES } from 'node:http';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Log } from '../log.ts';
import { systemErrorCode } from '../model/system-error.ts';
import { UsageError } from '../model/usage-error.ts';
import type { Metrics } from './metrics.ts';
import type { ReadinessCheck } from './readiness.ts';
import { addWebhookRoute, type WebhookHandler } from './webhook-route.ts';

export type ServerOptions = {
  host: string;
  /** 0 = any free port. */
  port: number;
  log: Log;
  /** Must answer soon, and not reject. */
  checkReadiness: () => Promise<ReadinessCheck[]>;
  metrics: Pick<Metrics, 'render'>;
  webhook: WebhookHandler;
  /** Adds the pages. */
  addPages?: (app: FastifyInstance) => Promise<void>;
  /** Time limit for requesting a webhook's run. */
  timeoutMs?: number;
  /** Time limit for receiving a request, head and body. */
  requestTimeoutMs?: number;
  maxConnections?: number;
  /** Milliseconds since any moment. */
  now?: () => number;
};

export type Server = { url: string; close: () => Promise<void> };

const MEGABYTE = 1024 * 1024;
/** So that slow clients cannot hold connections: a whole request arrives in a moment. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Node looks for requests beyond their time limit only so often; its default is 30 s. */
const CHECK_TIMEOUTS_EVERY_MS = 1_000;
/** More are closed at once, and with them the idle ones. Each can hold a body of a megabyte in memory. */
const MAX_CONNECTIONS = 500;
/** A line about closed connections is not repeated within this time. */
const REPEAT_AFTER_MS = 3_600_000;
/** Open requests may finish for this long after `close`. */
const CLOSE_GRACE_MS = 500;

/**
 * Starts the worker's HTTP server: health, metrics, webhooks and pages.
 * @throws UsageError when it cannot listen at the configured address.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { host, port, log } = options;
  const app = createApp(log, options);
  limitConnections(app, options);
  addRoutes(app, { timeoutMs: 2_000, ...options });
  await options.addPages?.(app);
  const url = await app.listen({ host, port }).catch((error: unknown) => {
    throw listenError(options, error);
  });
  return {
    url,
    async close() {
      // Fastify closes idle connections, but would wait for ever for a client that does not finish its request.
      const timer = setTimeout(() => app.server.closeAllConnections(), CLOSE_GRACE_MS);
      await app.close().finally(() => clearTimeout(timer));
    },
  };
}

/** Fastify's own logger stays off: it writes a line per request, and headers at some levels. */
function createApp(
  log: Log,
  { requestTimeoutMs = REQUEST_TIMEOUT_MS }: Pick<ServerOptions, 'requestTimeoutMs'>,
): FastifyInstance {
  const sendError = (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
    const status = error.statusCode !== undefined && error.statusCode < 500 ? error.statusCode : 500;
    if (status === 500) log.error({ err: error }, 'a request failed');
    else log.debug({ status }, 'a request was refused');
    return reply.code(status).send(errorBody(status));
  };
  const app = fastify({
    bodyLimit: MEGABYTE,
    requestTimeout: requestTimeoutMs,
    http: {
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(CHECK_TIMEOUTS_EVERY_MS, requestTimeoutMs),
    },
    return503OnClosing: false,
    frameworkErrors: sendError,
    clientErrorHandler: ({ code }, socket) => {
      const status = code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
      const body = JSON.stringify(errorBody(status));
      const line = `HTTP/1.1 ${status} ${STATUS_CODES[status]}`;
      const head = `${line}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
      if (socket.writable) socket.write(`${head}\r\nconnection: close\r\n\r\n${body}`);
      socket.destroySoon();
    },
  });
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(errorBody(404)));
  // Bodies stay bytes: a webhook's signature is computed over them, and nothing parses a body.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  return app;
}

function limitConnections(
  { server }: FastifyInstance,
  { log, maxConnections = MAX_CONNECTIONS, now = () => performance.now() }: ServerOptions,
): void {
  server.maxConnections = maxConnections;
  let loggedAt = Number.NEGATIVE_INFINITY;
  server.on('drop', () => {
    // Clients that keep connections for later give way: one of health checks or webhooks may be next.
    server.closeIdleConnections();
    if (now() - loggedAt < REPEAT_AFTER_MS) return;
    loggedAt = now();
    log.warn(
      { maxConnections },
      'closed a new connection: there are too many. Let only trusted hosts and the path of the webhooks reach this server',
    );
  });
}

function addRoutes(app: FastifyInstance, options: ServerOptions & { timeoutMs: number }): void {
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const checks = await options.checkReadiness();
    const ready = checks.every(({ ok }) => ok);
    return reply.code(ready ? 200 : 503).send({ ready, checks });
  });
  app.get('/metrics', async (_request, reply) => {
    const { contentType, body } = await options.metrics.render();
    return reply.type(contentType).send(body);
  });
  addWebhookRoute(app, options);
}

function errorBody(status: number): { error: string } {
  return { error: STATUS_CODES[status] ?? 'Error' };
}

const listenAdvice: Record<string, string> = {
  EADDRINUSE: 'another program uses this port; stop it, or choose another',
  EACCES: 'this user may not use a port below 1024; choose another',
  EADDRNOTAVAIL: 'this machine has no such address; choose another',
  ENOTFOUND: 'there is no host of this name; choose another',
};

function listenError({ host, port }: ServerOptions, error: unknown): UsageError {
  const code = systemErrorCode(error) ?? String(error);
  const advice = listenAdvice[code] ?? 'choose another';
  return new UsageError(
    `Cannot listen at ${host}:${port} (${code}): ${advice} server.host, server.port, HOST or PORT.`,
  );
}
