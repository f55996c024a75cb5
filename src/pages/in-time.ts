import type { Transaction } from '../store/postgres/pool.ts';
import { isTooSlow } from './errors.ts';
import { block } from './html/block.ts';
import { type Html, html } from './html/html.ts';

/**
 * Reads one block of a page. If a statement takes too long, a notice stands in its place, and the page goes on: without
 * the savepoint, the error would abort the transaction of the whole page.
 */
export async function inTime(
  tx: Transaction,
  { id, heading }: { id: string; heading: string },
  read: () => Promise<Html>,
): Promise<Html> {
  await tx.$executeRaw`savepoint block`;
  try {
    const body = await read();
    await tx.$executeRaw`release savepoint block`;
    return body;
  } catch (error) {
    if (!isTooSlow(error)) throw error;
    await tx.$executeRaw`rollback to savepoint block`;
    return block({ id, heading, views: [], body: SLOW });
  }
}

const SLOW = html`<p class="notice look"><span class="look-word">Look:</span> this part took too long to compute, so it is left out. Choose one account or a shorter period, or load the page again when the database is less busy.</p>`;
