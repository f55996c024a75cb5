import type { JsonObject } from './json.ts';
import { casesPerPage, itemsAt, type Population } from './population.ts';
import { isEverything, type ListQuery, matches } from './query.ts';

/**
 * The list as JSON text, some cases at a time: it is never in memory as a whole. The text of cases that do not change
 * is kept for the next request. A list that changes while it is read is partly old and partly new, never broken.
 */
export function* listText(population: Population, query: ListQuery): Generator<Buffer> {
  const isPlain = isEverything(query);
  let separator = '[';
  for (let page = 0; page * casesPerPage < population.size; page += 1) {
    const text = isPlain ? keptPage(population, page, query) : pageText(population, page, query);
    if (text.length === 0) continue;
    yield Buffer.from(separator);
    yield text;
    separator = ',';
  }
  for (const item of population.appended) {
    yield Buffer.concat([Buffer.from(separator), item]);
    separator = ',';
  }
  yield Buffer.from(separator === '[' ? '[]' : ']');
}

/** The same list, one piece per item, for faults that count items; `alter` says what stands in an item's place. */
export function* listTextByItem(
  population: Population,
  query: ListQuery,
  alter: (document: JsonObject, position: number) => unknown[],
): Generator<Buffer> {
  let separator = '[';
  let position = 0;
  for (let index = 0; index < population.size; index += 1) {
    for (const item of itemsAt(population, index, query.withContracts)) {
      if (!matches(query, item)) continue;
      for (const altered of alter(item, position)) {
        yield Buffer.from(separator + JSON.stringify(altered));
        separator = ',';
      }
      position += 1;
    }
  }
  for (const item of population.appended) {
    yield Buffer.concat([Buffer.from(separator), item]);
    separator = ',';
  }
  yield Buffer.from(separator === '[' ? '[]' : ']');
}

function keptPage(population: Population, page: number, query: ListQuery): Buffer {
  const kept = population.pages.get(page);
  if (kept) return kept;
  const text = pageText(population, page, query);
  population.pages.set(page, text);
  return text;
}

/** Items with commas between them; empty when no case of the page is in the list. */
function pageText(population: Population, page: number, query: ListQuery): Buffer {
  const texts: string[] = [];
  const end = Math.min((page + 1) * casesPerPage, population.size);
  for (let index = page * casesPerPage; index < end; index += 1) {
    for (const item of itemsAt(population, index, query.withContracts)) {
      if (matches(query, item)) texts.push(JSON.stringify(item));
    }
  }
  return Buffer.from(texts.join(','));
}
