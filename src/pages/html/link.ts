import type { CaseKey } from '../../model/case-key.ts';
import { type Content, type Html, html } from './html.ts';

type Value = string | number | null | undefined;

/** Parameters of an address; null, undefined and empty ones are left out, a list is a parameter that repeats. */
export type Parameters = Readonly<Record<string, Value | readonly Value[]>>;

/** An address of these pages. Every path begins with one slash, so that no value can name another host. */
export function address(path: `/${string}`, parameters: Parameters = {}): string {
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(parameters)) {
    for (const value of [values].flat()) {
      if (value !== null && value !== undefined && value !== '') query.append(name, String(value));
    }
  }
  return `${path}${query.size === 0 ? '' : `?${query}`}`;
}

/** The address of a page with some parameters changed; null takes one away. */
export function changed(url: URL, changes: Parameters): string {
  const given = [...new Set(url.searchParams.keys())].map((name) => [name, url.searchParams.getAll(name)]);
  return address(pathOf(url), { ...Object.fromEntries(given), ...changes });
}

/** The path of a requested address. With `//host` at its beginning it would name another host. */
export function pathOf(url: URL): `/${string}` {
  return `/${url.pathname.replace(/^\/+/, '')}`;
}

/** The page of a case. */
export function caseAddress({ accountId, caseId }: CaseKey): string {
  return address(`/cases/${encodeURIComponent(accountId)}/${encodeURIComponent(caseId)}`);
}

/** The page of an account. */
export function accountAddress(accountId: string): string {
  return address(`/accounts/${encodeURIComponent(accountId)}`);
}

/** A link to one of these pages. */
export function link(href: string, words: Content): Html {
  return html`<a href="${href}">${words}</a>`;
}
