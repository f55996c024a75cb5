import { parseExact } from '../../model/exact-json.ts';

/** Stands in place of a contract link. */
export const LEFT_OUT = '[left out: a signing link]';

/** A shorter value is no link, and its letters would be found in other words. */
const LINK = /^https?:\/\/.{3}/is;

const KEY = /^contract_?url$/i;

/** In a text that may be no JSON: a member with that name, and any link, since nothing tells which ones sign. */
const MEMBER = /("contract_?url"\s*:\s*)("(?:\\.|[^"\\])*"?|[^\s,{}[\]"]+)/gi;
const ANY_LINK = /https?:[^\s"<>]+/gi;

/**
 * Leaves contract links out of evidence: they are enough to sign the contract. `known`: the links of the case, which are looked
 * for in every text.
 */
export class ContractLinks {
  readonly #links: readonly string[];

  constructor(known: readonly string[]) {
    // The longest first: one link can be the beginning of another.
    this.#links = known.filter((link) => LINK.test(link)).sort((a, b) => b.length - a.length);
  }

  /** The text without the links of the case. */
  fromText(text: string): string {
    return this.#links.reduce((rest, link) => rest.replaceAll(link, LEFT_OUT), text);
  }

  /** Each field without the links of the case. */
  fromFields(fields: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, this.fromText(text)]));
  }

  /** Parsed JSON without them, and without every value of a member named contract_url. */
  fromJson(value: unknown): unknown {
    if (typeof value === 'string') return this.fromText(value);
    if (Array.isArray(value)) return value.map((element) => this.fromJson(element));
    // Numbers with many digits are objects too: parseExact.
    if (value === null || typeof value !== 'object' || JSON.isRawJSON(value)) return value;
    const members = Object.entries(value).map(([name, member]): [string, unknown] => [
      this.fromText(name),
      KEY.test(name) && member !== null ? LEFT_OUT : this.fromJson(member),
    ]);
    return Object.fromEntries(members);
  }

  /** JSON as text, which stays as it is if it has none of them: its digest can be computed again. */
  fromJsonText(text: string): string {
    const value = parseExact(text);
    const rest = JSON.stringify(this.fromJson(value));
    return rest === JSON.stringify(value) ? text : rest;
  }

  /** The text of an item that could not be read, without any link. */
  fromUnreadText(text: string): string {
    return text.replace(MEMBER, (_all, name: string) => `${name}"${LEFT_OUT}"`).replace(ANY_LINK, LEFT_OUT);
  }
}
