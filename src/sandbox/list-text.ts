import { isFiltered } from '../model/account.ts';
import type { JsonObject } from './json.ts';
import { casesPerPage, type Population } from './population.ts';
import { type ListQuery, matches } from './query.ts';

/**
 * The list as JSON text, page by page, so that it is never in memory as a whole. Pages of the unfiltered list
 * without contracts are cached. A list that changes while it is read is partly old and partly new, but valid JSON.
 */
export function listText(population: Population, query: ListQuery): Iterable<Buffer> {
  const pages = pageTexts(population, query).filter((text) => text.length > 0);
  return arrayText(population, pages);
}

/** The same list, one piece per item, for faults that count items; `alter` returns the items to show instead of one. */
export function listTextByItem(
  population: Population,
  query: ListQuery,
  alter: (document: JsonObject, position: number) => unknown[],
): Iterable<Buffer> {
  const items = itemsOf(population, query, 0, Number.POSITIVE_INFINITY).flatMap(alter);
  const texts = items.map((item) => Buffer.from(JSON.stringify(item)));
  return arrayText(population, texts);
}

/** The texts and the appended items as one array. */
function* arrayText(population: Population, texts: Iterable<Buffer>): Generator<Buffer> {
  let separator = '[';
  for (const part of [texts, population.appended]) {
    for (const text of part) {
      yield Buffer.concat([Buffer.from(separator), text]);
      separator = ',';
    }
  }
  yield Buffer.from(separator === '[' ? '[]' : ']');
}

/** The items of each page, separated by commas; empty when none of its cases is in the list. */
function* pageTexts(population: Population, query: ListQuery): Generator<Buffer> {
  const isCached = !isFiltered(query) && !query.withContracts;
  for (let page = 0; page * casesPerPage < population.size; page += 1) {
    const cached = isCached ? population.pages.get(page) : undefined;
    const items = itemsOf(population, query, page * casesPerPage, (page + 1) * casesPerPage);
    const text = cached ?? Buffer.from(Array.from(items, (item) => JSON.stringify(item)).join(','));
    if (isCached) population.pages.set(page, text);
    yield text;
  }
}

/** The list's items of the cases from number `start` to before `end`. */
function* itemsOf(population: Population, query: ListQuery, start: number, end: number): Generator<JsonObject> {
  for (let index = start; index < Math.min(end, population.size); index += 1) {
    yield* population.itemsAt(index, query.withContracts).filter((item) => matches(query, item));
  }
}
