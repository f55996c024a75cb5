import { isFiltered } from '../model/account.ts';
import type { JsonObject } from './json.ts';
import { casesPerPage, type Population } from './population.ts';
import { type ListQuery, matches } from './query.ts';

/**
 * The list as JSON text, page by page, so that it is never in memory as a whole. Pages of the unfiltered list
 * without contracts are cached. A list that changes while it is read is partly old and partly new, but valid JSON.
 */
export function* listText(population: Population, query: ListQuery): Generator<Buffer> {
  const isCached = !isFiltered(query) && !query.withContracts;
  let separator = '[';
  for (let page = 0; page * casesPerPage < population.size; page += 1) {
    const text = isCached ? cachedPage(population, page, query) : pageText(population, page, query);
    if (text.length === 0) continue;
    yield Buffer.from(separator);
    yield text;
    separator = ',';
  }
  yield* listEnd(population, separator);
}

/** The same list, one piece per item, for faults that count items; `alter` returns the items to show instead of one. */
export function* listTextByItem(
  population: Population,
  query: ListQuery,
  alter: (document: JsonObject, position: number) => unknown[],
): Generator<Buffer> {
  let separator = '[';
  for (const item of itemsOf(population, query, 0, Number.POSITIVE_INFINITY).flatMap(alter)) {
    yield Buffer.from(separator + JSON.stringify(item));
    separator = ',';
  }
  yield* listEnd(population, separator);
}

/** The appended items and the closing bracket. */
function* listEnd(population: Population, separator: string): Generator<Buffer> {
  let next = separator;
  for (const item of population.appended) {
    yield Buffer.concat([Buffer.from(next), item]);
    next = ',';
  }
  yield Buffer.from(next === '[' ? '[]' : ']');
}

function cachedPage(population: Population, page: number, query: ListQuery): Buffer {
  const text = population.pages.get(page) ?? pageText(population, page, query);
  population.pages.set(page, text);
  return text;
}

/** The page's items, separated by commas; empty when none of its cases is in the list. */
function pageText(population: Population, page: number, query: ListQuery): Buffer {
  const items = itemsOf(population, query, page * casesPerPage, (page + 1) * casesPerPage);
  return Buffer.from(Array.from(items, (item) => JSON.stringify(item)).join(','));
}

/** The list's items of the cases from number `start` to before `end`. */
function* itemsOf(population: Population, query: ListQuery, start: number, end: number): Generator<JsonObject> {
  for (let index = start; index < Math.min(end, population.size); index += 1) {
    yield* population.itemsAt(index, query.withContracts).filter((item) => matches(query, item));
  }
}
