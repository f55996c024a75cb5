import { type Content, type Html, html } from './html.ts';

/** Parameters of an address; null, undefined and empty ones are left out. */
export type Parameters = Readonly<Record<string, string | number | null | undefined>>;

/** An address of these pages. Every path begins with one slash, so that no value can name another host. */
export function address(path: `/${string}`, parameters: Parameters = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== '') query.set(name, String(value));
  }
  return `${path}${query.size === 0 ? '' : `?${query}`}`;
}

/** The address of a page with some parameters changed; null takes one away. */
export function changed(url: URL, changes: Parameters): string {
  return address(pathOf(url), { ...Object.fromEntries(url.searchParams), ...changes });
}

/** The path of an address that was asked for; `//host` at its beginning would name another host. */
export function pathOf(url: URL): `/${string}` {
  return `/${url.pathname.replace(/^\/+/, '')}`;
}

export function caseAddress({ accountId, caseId }: { accountId: string; caseId: string }): string {
  return address(`/cases/${encodeURIComponent(accountId)}/${encodeURIComponent(caseId)}`);
}

export function accountAddress(accountId: string): string {
  return address(`/accounts/${encodeURIComponent(accountId)}`);
}

export function link(href: string, words: Content): Html {
  return html`<a href="${href}">${words}</a>`;
}
