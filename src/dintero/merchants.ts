import { z } from 'zod';
import type { Call } from '../http/client.ts';
import type { Asked } from '../http/errors.ts';
import type { Answer } from '../http/response-body.ts';
import type { Cutter } from '../json-list/splitter.ts';
import type { Credentials } from '../model/account.ts';
import type { Element, Traffic } from '../model/list.ts';
import { readElements } from './cases/list-endpoint.ts';

/** Whose merchants are asked for, and the client that may ask. */
export type PartnerClient = { id: string } & Pick<Credentials, 'clientId' | 'clientSecret'>;

type Merchant = {
  /** `^[PT]\d{8}$` */
  id: string;
  /** The business name, if there is one. */
  name: string | null;
  active: boolean;
};

/** What a partner's list of merchants said. */
export type Merchants = {
  /** Each once. */
  merchants: Merchant[];
  /** Items without a proper account id. */
  skipped: number;
  /** Whether the list was read to its end; false when its pages began to repeat themselves or led nowhere. */
  complete: boolean;
};

/** One page; of its items those that can be read. */
type Page = { items: number; merchants: Merchant[]; next: string | null };

/** The most the API gives at once. */
const PAGE_ITEMS = 100;
const LONGEST_NAME = 200;

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

/** The request for a page of a partner's merchants. */
export function merchantsCall({ id }: PartnerClient, token: string, after: string | null): Call {
  const query = new URLSearchParams({ limit: String(PAGE_ITEMS), ...(after !== null && { starting_after: after }) });
  return {
    account: id,
    method: 'GET',
    path: `/accounts/${id}/management/accounts`,
    credentialsOf: null,
    query,
    headers: { Authorization: `Bearer ${token}` },
    secrets: [token],
  };
}

/** Reads a page as the list of cases is read: to its closing bracket, however long it is. */
export async function readPage(
  answer: Answer,
  { asked, cutter, traffic }: { asked: Asked; cutter: Cutter; traffic: Traffic },
): Promise<Page> {
  const page: Page = { items: 0, merchants: [], next: null };
  const reader = {
    begin: async () => {},
    knows: () => false,
    skip: () => false,
    elements: async (elements: Element[]) => {
      for (const element of elements) add(page, element);
    },
  };
  const threw = await readElements(answer, { asked, cutter, traffic, reader });
  if (threw) throw threw.readerThrew;
  return page;
}

function add(page: Page, { bytes }: Element): void {
  page.items += 1;
  const item = itemSchema.safeParse(readJson(bytes)).data;
  page.next = item?.paging_token ?? page.next;
  if (!item?.account_id) return;
  const name = item.company?.business_name ?? null;
  page.merchants.push({ id: item.account_id, name: readable(name ?? ''), active: item.active !== false });
}

function readJson(bytes: Buffer | null): unknown {
  try {
    return bytes === null ? null : JSON.parse(bytes.toString());
  } catch {
    return null;
  }
}

/** As Postgres can store it and a table show it; null when nothing is left. */
function readable(name: string): string | null {
  return (
    name
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim()
      .slice(0, LONGEST_NAME)
      .toWellFormed() || null
  );
}

/**
 * Reads page after page until one is not full. A page without any merchant that is new ends it too: where pages repeat
 * themselves, whatever the reason, there is no end to wait for.
 */
export async function readMerchants(fetchPage: (after: string | null) => Promise<Page>): Promise<Merchants> {
  const found = new Map<string, Merchant>();
  let skipped = 0;
  const told = (complete: boolean): Merchants => ({ merchants: [...found.values()], skipped, complete });
  for (let after: string | null = null; ; ) {
    const page = await fetchPage(after);
    const before = found.size;
    skipped += page.items - page.merchants.length;
    for (const merchant of page.merchants) found.set(merchant.id, merchant);
    if (page.items < PAGE_ITEMS) return told(true);
    if (page.next === null || found.size === before) return told(false);
    after = page.next;
  }
}
