import { isMerchantOf, type SandboxAccount } from './accounts.ts';
import { ApiError } from './api-error.ts';
import { norwegianNumber } from './companies.ts';
import { type EndpointRoute, type Incoming, json, type Result } from './endpoint.ts';
import type { JsonObject } from './json.ts';
import { seeded, seedOfText } from './random.ts';
import { accountOf, requireAccess, type State } from './state.ts';

/** The list of a partner's merchants, in pages. */
export const discoveryRoute: EndpointRoute = {
  method: 'GET',
  path: '/v1/accounts/:accountId/management/accounts',
  endpoint: 'discovery',
  handle: merchantsPage,
};

function merchantsPage(state: State, { accountId, raw, query }: Incoming): Result {
  requireAccess(state, raw, accountOf(state, accountId));
  const limit = Number(query.get('limit') ?? 10);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw new ApiError(400, 'limit must be from 1 to 100');
  const merchants = state.world.accounts.filter((account) => isMerchantOf(account.id, accountId));
  const after = query.get('starting_after');
  const start = after === null ? 0 : merchants.findIndex((merchant) => pagingTokenOf(merchant) === after) + 1;
  if (after !== null && start === 0) throw new ApiError(400, 'starting_after is no paging_token of this list');
  return json(merchants.slice(start, start + limit).map(merchantItem));
}

function merchantItem(account: SandboxAccount): JsonObject {
  return {
    account_id: account.id,
    partner_id: account.id.slice(0, 4),
    active: account.active !== false,
    livemode: account.id.startsWith('P'),
    company: { business_name: account.name, organization_number: norwegianNumber(seeded(seedOfText(account.id))) },
    paging_token: pagingTokenOf(account),
  };
}

/** Not the id itself, so that a client that pages by ids fails here too. */
function pagingTokenOf(account: SandboxAccount): string {
  return Buffer.from(`page:${account.id}`).toString('base64url');
}
