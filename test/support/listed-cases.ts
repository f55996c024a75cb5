import { expect } from 'vitest';
import type { startPages } from './pages.ts';

type Pages = Pick<Awaited<ReturnType<typeof startPages>>, 'ask'>;

/** The number of cases that a list says it has. */
export function totalOf(page: string): number {
  const value = /<data value="(\d+)">/.exec(page)?.[1];
  if (value === undefined) throw new Error(`no total in ${page}`);
  return Number(value);
}

/** The keys of all cases of a list, in its order, from its file. */
export async function listedCases(pages: Pages, address: string, headers = {}): Promise<string[]> {
  const { status, body } = await pages.ask(`${address}${address.includes('?') ? '&' : '?'}format=csv`, { headers });
  expect([address, status]).toEqual([address, 200]);
  return body
    .split('\r\n')
    .slice(1, -1)
    .map((line) => line.slice(0, line.indexOf(',')));
}

/**
 * Follows every link of a page to a list of cases whose words begin with a number, and returns those whose list has
 * another total; `checked` counts all.
 */
export async function wrongLinks(
  pages: Pages,
  page: string,
  headers = {},
): Promise<{ checked: number; wrong: string[] }> {
  const wrong: string[] = [];
  const links = linksToCases(page);
  for (const { address, number } of links) {
    const { status, body } = await pages.ask(address, { headers });
    const total = status === 200 ? totalOf(body) : `status ${status}`;
    if (total !== number) wrong.push(`${number} links to ${address}, which has ${total}`);
    if (body.includes('class="notice'))
      wrong.push(`${address} has a mistake: ${body.replace(/.*class="notice/s, '').slice(0, 300)}`);
  }
  return { checked: links.length, wrong };
}

function linksToCases(page: string): { address: string; number: number }[] {
  return [...page.matchAll(/<a [^>]*href="(\/cases(?:\?[^"]*)?)"[^>]*>(?:<[^>]*>|\s)*([\d,]+)/g)].map(
    ([, address, number]) => ({
      address: String(address).replaceAll('&amp;', '&'),
      number: Number(String(number).replaceAll(',', '')),
    }),
  );
}
