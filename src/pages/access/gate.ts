import type { FastifyRequest } from 'fastify';
import type { Viewer } from '../viewer.ts';
import { isLoopbackAddress, isLoopbackHost, isProxied, targetHost } from './loopback.ts';
import { cookieOf, isSameSecret, openSession } from './session.ts';
import { type AccessLog, WrongTokens } from './wrong-tokens.ts';

/** A configured viewer. */
export type ViewerSettings = { name: string; token: string; role: string };

/** The answer of the gate to a request. */
export type Decision =
  | { kind: 'viewer'; viewer: Viewer }
  /** Without a token and a session: gets the form. */
  | { kind: 'stranger' }
  /** Gets one plain sentence and no page. */
  | { kind: 'refused'; status: 401 | 403 | 429; words: string };

type GateOptions = {
  viewers: readonly ViewerSettings[];
  log: AccessLog;
  /** Milliseconds that a wrong token waits for its answer. */
  wrongTokenDelayMs?: number;
};

const NOT_HERE =
  'The pages of cdd-sync are only shown on the machine that it runs on, at http://localhost or http://127.0.0.1. ' +
  'For others, configure server.viewers.';

/** Decides for each request whether it gets a page, and with which role's rights. */
export class Gate {
  readonly #viewers: readonly ViewerSettings[];
  readonly #wrongTokens: WrongTokens;

  constructor({ viewers, log, wrongTokenDelayMs = 1_000 }: GateOptions) {
    this.#viewers = viewers;
    this.#wrongTokens = new WrongTokens({ log, delayMs: wrongTokenDelayMs });
  }

  /** Whether viewers are configured. Without them, nobody can sign in. */
  get hasViewers(): boolean {
    return this.#viewers.length > 0;
  }

  /** The viewer of a request by its cookie or token; without configured viewers, everybody at this machine is one. */
  async decide(request: FastifyRequest): Promise<Decision> {
    if (!this.hasViewers) return atThisMachine(request);
    const { authorization, cookie } = request.headers;
    const session = openSession(cookieOf(cookie) ?? '', this.#viewers, new Date());
    if (session !== null) return viewerDecision(session);
    if (authorization === undefined) return { kind: 'stranger' };
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    if (token === undefined)
      return { kind: 'refused', status: 401, words: 'Send the token as "Authorization: Bearer TOKEN".' };
    const found = await this.check(token, request);
    return 'token' in found ? viewerDecision(found) : found;
  }

  /** The viewer of a token. A wrong one is answered slowly. */
  async check(token: string, request: FastifyRequest): Promise<ViewerSettings | (Decision & { kind: 'refused' })> {
    const { remoteAddress } = request.socket;
    if (this.#wrongTokens.areTooMany(remoteAddress)) {
      return { kind: 'refused', status: 429, words: 'Too many wrong tokens were given. Try again in a few seconds.' };
    }
    // Compares every token: with an early return, the time would tell the position of the match.
    const [viewer] = this.#viewers.filter((each) => isSameSecret(each.token, token));
    if (viewer !== undefined) return viewer;
    await this.#wrongTokens.wait(remoteAddress);
    return { kind: 'refused', status: 401, words: 'This is not the token of a viewer.' };
  }
}

/** Leaves out the token, which no page needs. */
function viewerDecision({ name, role }: ViewerSettings): Decision {
  return { kind: 'viewer', viewer: { name, role } };
}

function atThisMachine({ socket, raw }: FastifyRequest): Decision {
  // With two Host headers, `headers.host` is the first one only.
  const [host, ...more] = raw.headersDistinct.host ?? [];
  const target = targetHost(raw.url);
  const isHere =
    isLoopbackAddress(socket.remoteAddress) &&
    isLoopbackHost(host) &&
    (target === null || isLoopbackHost(target)) &&
    more.length === 0 &&
    !isProxied(raw);
  if (isHere) return { kind: 'viewer', viewer: { name: null, role: null } };
  return { kind: 'refused', status: 403, words: NOT_HERE };
}
