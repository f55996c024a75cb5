import type { IncomingMessage } from 'node:http';
import type { SandboxAccount } from './accounts.ts';
import { ApiError } from './api-error.ts';
import type { Faults } from './faults.ts';
import type { RequestLog } from './request-log.ts';
import type { Grant, TokenStore } from './tokens.ts';
import type { Webhooks } from './webhooks.ts';
import type { World } from './world.ts';

/** Shared by the sandbox's endpoints. */
export type State = {
  /** A new one for every start: etags from an earlier sandbox must not match. */
  instanceId: string;
  world: World;
  faults: Faults;
  tokens: TokenStore;
  requestLog: RequestLog;
  webhooks: Webhooks;
  /** The account that the audience must name when a partner gets a merchant's token. */
  partnerAudience: 'partner' | 'merchant' | 'either';
  /** Accounts whose list, with its contract links, was requested. */
  servedAccounts: Set<string>;
};

/** The account with this id. Throws 400 for a malformed id, 404 for an unknown account. */
export function accountOf(state: State, accountId: string): SandboxAccount {
  if (!/^[PT]\d{8}$/.test(accountId)) throw new ApiError(400, `"${accountId}" is not an account id`);
  const account = state.world.accounts.find((each) => each.id === accountId);
  if (!account) throw new ApiError(404, `There is no account ${accountId}`);
  return account;
}

/** The permission of the request's Bearer token. Throws 401 without a valid one. */
export function grantOf(state: State, request: IncomingMessage): Grant {
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const grant = token === undefined ? null : state.tokens.grantOf(token);
  if (!grant) throw new ApiError(401, 'The token is missing, unknown or expired');
  return grant;
}

/** Throws 401 without a valid access token, 403 for another account's. */
export function requireAccess(state: State, request: IncomingMessage, account: SandboxAccount): void {
  const grant = grantOf(state, request);
  if (grant.kind !== 'access') throw new ApiError(401, 'An exchange token only gets an access token');
  if (grant.account !== account.id) throw new ApiError(403, `The token is not for account ${account.id}`);
}
