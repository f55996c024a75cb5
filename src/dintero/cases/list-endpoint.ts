import { createHash } from 'node:crypto';
import type { ApiRequest } from '../../http/request.ts';
import type { Account } from '../../model/account.ts';
import type { ApiSettings } from '../../model/api-settings.ts';
import { bearer, readAdvice } from '../request-parts.ts';

// GET /accounts/{id}/management/settings/cdd/cases: one JSON array with all cases of the account, without paging.

/** The request for an account's list. */
export function listRequest(account: Account, token: string): ApiRequest {
  return {
    label: account.id,
    method: 'GET',
    path: listPath(account),
    query: listQuery(account),
    ...bearer(token),
    advice: { ...readAdvice(account.id), 400: 'Check api.baseUrl and the filters.' },
  };
}

/**
 * Hashes everything that determines the list and the way it is stored; an etag is valid only for the same key. The
 * largest size is part of it: after a raise, an item that was too large can be read, though the list is unchanged.
 */
export function listRequestKey(
  account: Account,
  api: Pick<ApiSettings, 'baseUrl' | 'maxItemMegabytes'>,
  salt: string,
): string {
  const request = [api.baseUrl, listPath(account), listQuery(account).toString(), api.maxItemMegabytes, salt];
  return createHash('sha256').update(JSON.stringify(request)).digest('hex');
}

function listPath({ id }: Pick<Account, 'id'>): string {
  return `/accounts/${id}/management/settings/cdd/cases`;
}

/** The list's query; arrays are repeated keys. */
function listQuery({ filters, includeContracts }: Pick<Account, 'filters' | 'includeContracts'>): URLSearchParams {
  const query = new URLSearchParams();
  for (const product of filters.products) query.append('products', product);
  if (filters.payoutDestinationId !== null) query.append('payout_destination_id', filters.payoutDestinationId);
  for (const status of filters.caseStatus) query.append('case_status', status);
  for (const action of filters.actionsOnApproval) query.append('actions_on_approval', action);
  if (includeContracts) query.append('includes', 'events.case.contracts');
  return query;
}
