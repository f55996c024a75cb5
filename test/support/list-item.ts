import { parseItem } from '../../src/dintero/cases/parse.ts';
import { ListSplitter } from '../../src/json-list/splitter.ts';
import type { ParsedItem } from '../../src/model/case.ts';
import type { Element } from '../../src/model/list.ts';

export const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';

export const parseText = (text: string): ParsedItem => parseItem(element(text));
export const parse = (item: unknown): ParsedItem => parseText(JSON.stringify(item));

/** The smallest item that is a case, with further fields. */
export const item = (fields: Record<string, unknown> = {}) => ({ id: ID, events: [], ...fields });

/** Returns path and reason of a rejected item. */
export function rejection(parsed: ParsedItem): string {
  if (parsed.kind === 'case') throw new Error('it was taken as a case');
  return `${parsed.rejection.path}: ${parsed.rejection.reason}`;
}

export function caseOf(parsed: ParsedItem) {
  if (parsed.kind === 'rejected') throw new Error(rejection(parsed));
  return parsed.case;
}

function element(text: string): Element {
  const splitter = new ListSplitter({ salt: '', maxItemBytes: 1024 * 1024 });
  const [only] = splitter.split(Buffer.from(`[${text}]`));
  if (only === undefined) throw new Error('that is no element');
  return only;
}
