import type { IncomingMessage } from 'node:http';
import type { SandboxAccount } from './accounts.ts';
import { ApiError } from './api-error.ts';
import type { Faults } from './faults.ts';
import type { Hooks } from './hooks.ts';
import type { RequestLog } from './request-log.ts';
import type { Grant, Tokens } from './tokens.ts';
import type { World } from './world.ts';

/** What the sandbox's endpoints share. */
export type State = {
  /** Another one every time a sandbox starts: no etag of an earlier one may be taken for its own. */
  instance: string;
  world: World;
  faults: Faults;
  tokens: Tokens;
  requestLog: RequestLog;
  hooks: Hooks;
  /** Whose account the audience names when a merchant's token is got by way of a partner. */
  partnerAudience: 'partner' | 'merchant' | 'either';
  /** Accounts whose list, with its contract links, has been handed out. */
  served: Set<string>;
};

/** The account of a path. Raises 400 for what is no account id, 404 for an account that is not there. */
export function accountOf(state: State, accountId: string): SandboxAccount {
  if (!/^[PT]\d{8}$/.test(accountId)) throw new ApiError(400, `"${accountId}" is not an account id`);
  const account = state.world.accounts.find((each) => each.id === accountId);
  if (!account) throw new ApiError(404, `There is no account ${accountId}`);
  return account;
}

/** What the request's Bearer token is good for. Raises 401 without a valid one. */
export function grantOf(state: State, request: IncomingMessage): Grant {
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const grant = token === undefined ? null : state.tokens.grantOf(token);
  if (!grant) throw new ApiError(401, 'The token is missing, unknown or expired');
  return grant;
}

/** Raises 401 without a valid access token, 403 if it is another account's. */
export function requireAccess(state: State, request: IncomingMessage, account: SandboxAccount): void {
  const grant = grantOf(state, request);
  if (grant.kind !== 'access') throw new ApiError(401, 'An exchange token only gets an access token');
  if (grant.account !== account.id) throw new ApiError(403, `The token is not for account ${account.id}`);
}
