import { randomUUID } from 'node:crypto';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { defaultAccounts, manyAccounts, type SandboxAccount, sandboxCredentials } from './accounts.ts';
import { errorBody } from './api-error.ts';
import { contractLinksOf } from './case-events.ts';
import { type ClockOptions, startClock } from './clock.ts';
import { addControlEndpoints } from './control-endpoints.ts';
import { discoveryRoute } from './discovery-endpoint.ts';
import { addEndpoint } from './endpoint.ts';
import { Faults } from './faults.ts';
import { listRoute } from './list-endpoint.ts';
import { RequestLog } from './request-log.ts';
import type { State } from './state.ts';
import { basicHeaderOf, tokenRoutes } from './token-endpoints.ts';
import { TokenStore } from './tokens.ts';
import { addWebhookEndpoint } from './webhook-endpoint.ts';
import { Webhooks } from './webhooks.ts';
import { World } from './world.ts';

export type SandboxOptions = ClockOptions & {
  /** Default 0: any free port. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 1. */
  seed?: number;
  /** The initial time of the world's clock, ISO 8601. */
  start?: string;
  /** Number of cases per account at the start. Default 40. */
  casesPerAccount?: number;
  /** Accounts instead of the default ones, or a number of merchants to make. */
  accounts?: number | readonly SandboxAccount[];
  /** One case in ten is of a company that applied before. Default false. */
  hasReapplications?: boolean;
  /** Called before the clock starts, to plan changes of the world. */
  prepare?: (world: World) => void;
  /** Lifetime of tokens. Default 14400. */
  tokenSeconds?: number;
  /** Clock for the expiry of tokens, in milliseconds. Default: a monotonic one. */
  now?: () => number;
  /** The audience that a partner's token for a merchant must name. Default either. */
  partnerAudience?: 'partner' | 'merchant' | 'either';
};

export type Sandbox = Awaited<ReturnType<typeof startSandbox>>;

/** Starts a simulation of Dintero's API. Throws if it cannot listen, or an option is invalid. */
export async function startSandbox(options: SandboxOptions = {}) {
  const { hoursPerSecond = 0 } = options;
  if (!(hoursPerSecond >= 0)) throw new Error(`The sandbox's clock cannot run ${hoursPerSecond} hours a second.`);
  const state = createState(options);
  options.prepare?.(state.world);
  const app = createApp(state);
  const host = options.host ?? '127.0.0.1';
  const { port } = new URL(await app.listen({ port: options.port ?? 0, host }));
  const timer = startClock(state, options);
  const close = async () => {
    clearInterval(timer);
    await app.close();
  };
  return {
    /** `http://127.0.0.1:PORT/v1`: the API's base URL. */
    url: `http://${urlHost(host)}:${port}/v1`,
    world: state.world,
    faults: state.faults,
    /** The newest requests, oldest first. */
    requests: state.requestLog.entries,
    /**
     * Delivers a webhook to the account's subscribers; returns the status of each response, 0 for none. Calls of
     * `world.advance` and of the methods that change a case send nothing by themselves; the running clock does.
     */
    deliver: (accountId: string) => state.webhooks.deliver(accountId, 'cdd_case_update'),
    /**
     * All secrets that the sandbox has handed out: client secrets, tokens, contract links. Items set by `serve` or
     * `appendItem` are not included.
     */
    secrets: () => secretsOf(state),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function createState(options: SandboxOptions): State {
  const accounts =
    typeof options.accounts === 'number' ? manyAccounts(options.accounts) : (options.accounts ?? defaultAccounts);
  const world = new World({
    seed: options.seed ?? 1,
    start: options.start ?? '2026-06-01T06:00:00.000Z',
    cases: options.casesPerAccount ?? 40,
    accounts,
    hasReapplications: options.hasReapplications ?? false,
  });
  return {
    instanceId: randomUUID(),
    world,
    faults: new Faults(),
    tokens: new TokenStore(options.now ?? (() => performance.now()), options.tokenSeconds ?? 14_400),
    requestLog: new RequestLog(),
    webhooks: new Webhooks(world),
    partnerAudience: options.partnerAudience ?? 'either',
    servedAccounts: new Set(),
  };
}

function createApp(state: State): FastifyInstance {
  // Closing must not wait for stalled responses.
  const app = fastify({ forceCloseConnections: true });
  app.addHook('onRequest', async (request) => state.requestLog.add(request.raw));
  app.addHook('onSend', async (request, reply) => state.requestLog.setStatus(request.raw, reply.statusCode));
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 500;
    return reply.code(status).send(errorBody(status, error.message));
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(errorBody(404, 'Not found')));
  for (const route of [...tokenRoutes, listRoute, discoveryRoute]) addEndpoint(app, state, route);
  addWebhookEndpoint(app, state);
  addControlEndpoints(app, state);
  return app;
}

/** The host for a URL; a wildcard address, which clients cannot connect to, becomes loopback. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function secretsOf(state: State): string[] {
  const ids = state.world.accounts.map((account) => account.id);
  return [
    ...ids.flatMap((id) => [sandboxCredentials(id).clientSecret, basicHeaderOf(id).slice('Basic '.length)]),
    ...state.tokens.issued(),
    ...state.webhooks.secrets(),
    ...[...state.servedAccounts].flatMap((id) => state.world.everyDocument(id)).flatMap(contractLinksOf),
  ];
}
