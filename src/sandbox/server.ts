import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { defaultAccounts, manyAccounts, type SandboxAccount, sandboxCredentials } from './accounts.ts';
import { errorBody } from './api-error.ts';
import { type ClockOptions, startClock } from './clock.ts';
import { addControlEndpoints } from './control-endpoints.ts';
import { addDiscoveryEndpoint } from './discovery-endpoint.ts';
import { createFaults, type Faults } from './faults.ts';
import { addHookEndpoint } from './hook-endpoint.ts';
import { createHooks } from './hooks.ts';
import { addListEndpoint } from './list-endpoint.ts';
import { createRequestLog, type RequestEntry } from './request-log.ts';
import { contractLinksOf } from './secrets.ts';
import type { State } from './state.ts';
import { addTokenEndpoints, basicHeaderOf } from './token-endpoints.ts';
import { createTokens } from './tokens.ts';
import { createWorld, type World } from './world.ts';

export type SandboxOptions = ClockOptions & {
  /** Default 0: any free port. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 1. */
  seed?: number;
  /** Where the world's clock begins, ISO 8601. */
  start?: string;
  /** How many cases every account begins with. Default 40. */
  casesPerAccount?: number;
  /** Other accounts than the usual ones; a number makes so many merchants. */
  accounts?: number | readonly SandboxAccount[];
  /** Default 14400. */
  tokenSeconds?: number;
  /** The clock by which tokens expire, in milliseconds. Default: a monotonic one. */
  now?: () => number;
  /** The audience that a partner's token for a merchant must name. Default either. */
  partnerAudience?: 'partner' | 'merchant' | 'either';
};

export type Sandbox = {
  /** `http://127.0.0.1:PORT/v1`: the API's base URL. */
  url: string;
  world: World;
  faults: Faults;
  /** The newest requests, oldest first. */
  requests: readonly RequestEntry[];
  /**
   * Delivers a webhook to the account's subscribers; gives the status each of them answered, 0 for no answer. What
   * `world.advance` and the verbs change is not told by itself; what the moving clock changes is.
   */
  deliver: (accountId: string) => Promise<number[]>;
  /**
   * Everything handed out that must turn up nowhere: client secrets, tokens, contract links. What a test itself put
   * into a list with `serve` or `appendItem` is not among it.
   */
  secrets: () => string[];
  close: () => Promise<void>;
  [Symbol.asyncDispose]: () => Promise<void>;
};

/** Starts a Dintero to play with. Throws if it cannot listen, or an option makes no sense. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { hoursPerSecond = 0 } = options;
  if (!(hoursPerSecond >= 0)) throw new Error(`The sandbox's clock cannot run ${hoursPerSecond} hours a second.`);
  const state = stateOf(options);
  const app = createApp(state);
  const host = options.host ?? '127.0.0.1';
  await app.listen({ port: options.port ?? 0, host });
  const timer = startClock(state, options);
  const close = async () => {
    clearInterval(timer);
    await app.close();
  };
  return {
    url: `http://${reachable(host)}:${portOf(app)}/v1`,
    world: state.world,
    faults: state.faults,
    requests: state.requestLog.entries,
    deliver: (accountId) => state.hooks.deliver(accountId, 'cdd_case_update'),
    secrets: () => secretsOf(state),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function stateOf(options: SandboxOptions): State {
  const accounts =
    typeof options.accounts === 'number' ? manyAccounts(options.accounts) : (options.accounts ?? defaultAccounts);
  const world = createWorld({
    seed: options.seed ?? 1,
    start: options.start ?? '2026-06-01T06:00:00.000Z',
    cases: options.casesPerAccount ?? 40,
    accounts,
  });
  return {
    instance: randomUUID(),
    world,
    faults: createFaults(),
    tokens: createTokens(options.now ?? (() => performance.now()), options.tokenSeconds ?? 14_400),
    requestLog: createRequestLog(),
    hooks: createHooks(world),
    partnerAudience: options.partnerAudience ?? 'either',
    served: new Set(),
  };
}

function createApp(state: State): FastifyInstance {
  // Answers may stall for ever; closing must not wait for them.
  const app = fastify({ forceCloseConnections: true });
  app.addHook('onRequest', async (request) => state.requestLog.arrived(request.raw));
  app.addHook('onSend', async (request, reply) => state.requestLog.answered(request.raw, reply.statusCode));
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 500;
    return reply.code(status).send(errorBody(status, error.message));
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(errorBody(404, 'Not found')));
  addTokenEndpoints(app, state);
  addListEndpoint(app, state);
  addDiscoveryEndpoint(app, state);
  addHookEndpoint(app, state);
  addControlEndpoints(app, state);
  return app;
}

/** The host as it stands in a URL; one that means every address of the machine is none that a client can name. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function portOf(app: FastifyInstance): number {
  const address: AddressInfo | string | null = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('The sandbox is listening on no port');
  return address.port;
}

function secretsOf(state: State): string[] {
  const ids = state.world.accounts.map((account) => account.id);
  return [
    ...ids.flatMap((id) => [sandboxCredentials(id).clientSecret, basicHeaderOf(id).slice('Basic '.length)]),
    ...state.tokens.issued(),
    ...state.hooks.secrets(),
    ...[...state.served].flatMap((id) => state.world.everyDocument(id)).flatMap(contractLinksOf),
  ];
}
