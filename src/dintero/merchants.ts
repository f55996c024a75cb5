import { z } from 'zod';
import type { ApiRequest, RequestInfo } from '../http/request.ts';
import type { StreamedResponse } from '../http/response-body.ts';
import type { ListSplitter } from '../json-list/splitter.ts';
import type { Credentials } from '../model/account.ts';
import type { Element, Traffic } from '../model/list.ts';
import { readElements } from './element-stream.ts';
import { bearer, readAdvice } from './request-parts.ts';

/** A partner's account id, and the credentials that may list its merchants. */
export type PartnerClient = { id: string } & Pick<Credentials, 'clientId' | 'clientSecret'>;

type Merchant = {
  /** `^[PT]\d{8}$` */
  id: string;
  /** The business name, if there is one. */
  name: string | null;
  active: boolean;
};

/** A partner's list of merchants. */
export type Merchants = {
  /** Each merchant once. */
  merchants: Merchant[];
  /** Number of items without a valid account id. */
  skipped: number;
  /** Whether the list was read to its end; false if its pages repeat or a page lacks the token for the next one. */
  complete: boolean;
};

/** One page: the number of its items, and the merchants among them that could be read. */
type Page = { items: number; merchants: Merchant[]; next: string | null };

/** The API's maximum for `limit`. */
const PAGE_ITEMS = 100;
const MAX_NAME_LENGTH = 200;

const itemSchema = z.object({
  account_id: z
    .string()
    .regex(/^[PT]\d{8}$/)
    .nullish()
    .catch(null),
  active: z.boolean().nullish().catch(null),
  company: z
    .object({ business_name: z.string().nullish().catch(null) })
    .nullish()
    .catch(null),
  paging_token: z.string().min(1).nullish().catch(null),
});

/** The request for one page of a partner's merchants (an array), starting after the paging token `after`. */
export function merchantsRequest({ id }: PartnerClient, token: string, after: string | null): ApiRequest {
  return {
    label: id,
    method: 'GET',
    path: `/accounts/${id}/management/accounts`,
    query: new URLSearchParams({ limit: String(PAGE_ITEMS), ...(after !== null && { starting_after: after }) }),
    ...bearer(token),
    advice: readAdvice(id),
  };
}

/** Streams a page like the list of cases, so that its size does not matter. Throws SyncErrors. */
export async function readPage(
  response: StreamedResponse,
  { request, splitter, traffic }: { request: RequestInfo; splitter: ListSplitter; traffic: Traffic },
): Promise<Page> {
  const page: Page = { items: 0, merchants: [], next: null };
  const reader = {
    begin: async () => {},
    isKnown: () => false,
    skip: () => false,
    takeElement: async (element: Element) => addItem(page, element),
  };
  const failure = await readElements(response, { request, splitter, traffic, reader });
  if (failure) throw failure.readerError;
  return page;
}

function addItem(page: Page, { bytes }: Element): void {
  page.items += 1;
  const item = itemSchema.safeParse(parseJson(bytes)).data;
  page.next = item?.paging_token ?? page.next;
  if (!item?.account_id) return;
  const name = item.company?.business_name ?? null;
  page.merchants.push({ id: item.account_id, name: cleanName(name ?? ''), active: item.active !== false });
}

function parseJson(bytes: Buffer | null): unknown {
  try {
    return bytes === null ? null : JSON.parse(bytes.toString());
  } catch {
    return null;
  }
}

/** The name without characters that Postgres refuses or that break a table; null if it is empty. */
function cleanName(name: string): string | null {
  return (
    name
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim()
      .slice(0, MAX_NAME_LENGTH)
      .toWellFormed() || null
  );
}

/**
 * Reads pages until one is not full. Also stops, with an incomplete result, at a page without any new merchant: if pages
 * repeat, the list would never end.
 */
export async function readAllPages(fetchPage: (after: string | null) => Promise<Page>): Promise<Merchants> {
  const found = new Map<string, Merchant>();
  let skipped = 0;
  const result = (complete: boolean): Merchants => ({ merchants: [...found.values()], skipped, complete });
  for (let after: string | null = null; ; ) {
    const page = await fetchPage(after);
    const countBefore = found.size;
    skipped += page.items - page.merchants.length;
    for (const merchant of page.merchants) found.set(merchant.id, merchant);
    if (page.items < PAGE_ITEMS) return result(true);
    if (page.next === null || found.size === countBefore) return result(false);
    after = page.next;
  }
}
