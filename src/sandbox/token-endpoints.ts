import { z } from 'zod';
import { isMerchantOf, type SandboxAccount, sandboxCredentials } from './accounts.ts';
import { ApiError } from './api-error.ts';
import { type EndpointRoute, type Incoming, json, type Result } from './endpoint.ts';
import type { Fault } from './faults.ts';
import { accountOf, grantOf, requireAccess, type State } from './state.ts';
import type { Grant } from './tokens.ts';

const tokenRequest = z.object({ grant_type: z.literal('client_credentials'), audience: z.string() });
const exchangeRequest = z.object({ account_id: z.string() });

/** The two endpoints that issue tokens: the usual one, and the exchange for partners. */
export const tokenRoutes: readonly EndpointRoute[] = [
  { method: 'POST', path: '/v1/accounts/:accountId/auth/token', endpoint: 'token', handle: tokenFor },
  {
    method: 'POST',
    path: '/v1/accounts/:accountId/auth/exchange_token',
    endpoint: 'exchange',
    handle: exchangeTokenFor,
  },
];

function tokenFor(state: State, { accountId, body, raw }: Incoming, fault: Fault | null): Result {
  const account = accountOf(state, accountId);
  const request = tokenRequest.safeParse(body);
  if (!request.success) throw new ApiError(400, 'The body must have grant_type "client_credentials" and an audience');
  const isByExchange = /^Bearer /i.test(raw.headers.authorization ?? '');
  if (isByExchange) {
    const grant = grantOf(state, raw);
    if (grant.kind !== 'exchange' || grant.account !== accountId) {
      throw new ApiError(401, `The exchange token is not for account ${accountId}`);
    }
  } else if (raw.headers.authorization !== basicHeaderOf(accountId)) {
    throw new ApiError(401, 'Wrong client id or client secret');
  }
  const allowed = isByExchange ? allowedAudiences(state, accountId) : [accountId];
  // The host is ignored: the sandbox may be reached under several names.
  const audienceAccount = /^https?:\/\/[^/]+\/v1\/accounts\/([PT]\d{8})$/.exec(request.data.audience)?.[1];
  if (audienceAccount === undefined || !allowed.includes(audienceAccount)) {
    throw new ApiError(400, 'The audience names another account');
  }
  requireActive(account);
  return tokenResult(state, { kind: 'access', account: accountId }, fault);
}

function exchangeTokenFor(state: State, { accountId, body, raw }: Incoming, fault: Fault | null): Result {
  const partner = accountOf(state, accountId);
  requireAccess(state, raw, partner);
  const request = exchangeRequest.safeParse(body);
  if (!request.success) throw new ApiError(400, 'The body must have an account_id');
  const merchant = accountOf(state, request.data.account_id);
  if (!isMerchantOf(merchant.id, partner.id)) {
    throw new ApiError(403, `Account ${merchant.id} is no merchant of ${partner.id}`);
  }
  requireActive(merchant);
  return tokenResult(state, { kind: 'exchange', account: merchant.id }, fault);
}

/** The `Authorization` header of the account's client. */
export function basicHeaderOf(accountId: string): string {
  const { clientId, clientSecret } = sandboxCredentials(accountId);
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}

function tokenResult(state: State, grant: Grant, fault: Fault | null): Result {
  return json({
    access_token: state.tokens.issue(grant),
    token_type: 'Bearer',
    ...(fault?.kind !== 'noExpiry' && { expires_in: state.tokens.lifetimeSeconds }),
  });
}

function allowedAudiences(state: State, merchantId: string): string[] {
  const partnerId = `${merchantId.slice(0, 4)}00000`;
  return { partner: [partnerId], merchant: [merchantId], either: [partnerId, merchantId] }[state.partnerAudience];
}

function requireActive(account: SandboxAccount): void {
  if (account.active === false) throw new ApiError(403, `Account ${account.id} is not active`);
}
