import type { Call } from '../../http/client.ts';
import { type Asked, unusable } from '../../http/errors.ts';
import type { Answer } from '../../http/response-body.ts';
import type { Cutter } from '../../json-list/splitter.ts';
import type { Account } from '../../model/account.ts';
import type { ListReader, Traffic } from '../../model/list.ts';
import { SyncError } from '../../model/sync-error.ts';

/** Where an account's list is, below the base URL. */
export function listPath({ id }: Pick<Account, 'id'>): string {
  return `/accounts/${id}/management/settings/cdd/cases`;
}

/** The list's query: arrays as repeated keys. */
export function listQuery({ filters, includeContracts }: Pick<Account, 'filters' | 'includeContracts'>) {
  const query = new URLSearchParams();
  for (const product of filters.products) query.append('products', product);
  if (filters.payoutDestinationId !== null) query.append('payout_destination_id', filters.payoutDestinationId);
  for (const status of filters.caseStatus) query.append('case_status', status);
  for (const action of filters.actionsOnApproval) query.append('actions_on_approval', action);
  if (includeContracts) query.append('includes', 'events.case.contracts');
  return query;
}

/** The request for an account's list; with an etag only for a list that has changed since. */
export function listCall(account: Account, token: string, etag: string | null): Call {
  return {
    account: account.id,
    method: 'GET',
    path: listPath(account),
    credentialsOf: null,
    query: listQuery(account),
    headers: { Authorization: `Bearer ${token}`, ...(etag !== null && { 'If-None-Match': etag }) },
    secrets: [token],
  };
}

/** Boxed, because what a reader throws may be anything, and is no failure of the request. */
export type ReaderThrew = { readerThrew: unknown };

type Reading = { asked: Asked; cutter: Cutter; traffic: Traffic; reader: ListReader };

/** Hands a list to its reader. Gives null when it was read to its end, and what the reader threw when it did. */
export async function readElements(answer: Answer, reading: Reading): Promise<ReaderThrew | null> {
  const { asked, cutter, traffic, reader } = reading;
  const tell = async (work: () => Promise<void>): Promise<ReaderThrew | null> => {
    try {
      await work();
      return null;
    } catch (readerThrew) {
      return { readerThrew };
    }
  };
  try {
    const threw = await tell(() => reader.begin());
    if (threw) return threw;
    for await (const chunk of answer.body) {
      traffic.bytesRead += chunk.length;
      const elements = cut(asked, () => cutter.push(chunk));
      const threw = elements.length === 0 ? null : await tell(() => reader.elements(elements));
      if (threw) return threw;
    }
    cut(asked, () => cutter.end());
    return null;
  } finally {
    answer.discard();
  }
}

/** Reads so much of a list as shows that it is one. */
export async function readStart(answer: Answer, { asked, cutter }: Pick<Reading, 'asked' | 'cutter'>): Promise<void> {
  try {
    for await (const chunk of answer.body) {
      cut(asked, () => cutter.push(chunk));
      return;
    }
    cut(asked, () => cutter.end());
  } finally {
    answer.discard();
  }
}

function cut<T>(asked: Asked, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    throw unusable(asked, error.code, error.message);
  }
}
