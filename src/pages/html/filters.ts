import { type Html, html, nothing } from './html.ts';
import { address, changed } from './link.ts';

/** The two filters of every page. */
export type Filters = {
  /** Null = all accounts that the viewer sees. */
  accountId: string | null;
  /** Days up to now. */
  days: number;
};

/** An account as the pages name it. */
export type AccountName = { id: string; label: string | null };

const PERIODS = [7, 30, 90, 365, 1095] as const;
const DEFAULT_DAYS = 90;

/** The filters of an address: `account`, `days`. An account that the viewer may not see is kept. */
export function filtersOf(url: URL): Filters {
  const days = Number(url.searchParams.get('days'));
  return {
    accountId: url.searchParams.get('account') || null,
    days: PERIODS.some((period) => period === days) ? days : DEFAULT_DAYS,
  };
}

/** Whether an account is chosen that does not exist, or that the viewer does not see. */
export function isUnknownAccount({
  filters: { accountId },
  accounts,
}: {
  filters: Filters;
  accounts: readonly AccountName[];
}): boolean {
  return accountId !== null && !accounts.some(({ id }) => id === accountId);
}

/** The filters as parameters of an address; the default period is left out. */
export function filterParameters({ accountId, days }: Filters): { account: string | null; days: number | null } {
  return { account: accountId, days: days === DEFAULT_DAYS ? null : days };
}

/** Parameters that a new choice of account or period takes away. */
const NOT_KEPT = ['account', 'days', 'page', 'after', 'before', 'format', 'block'];

/** The form in the head of a page. It keeps the page's own parameters. */
export function filterForm({
  url,
  filters,
  accounts,
  hasPeriod = true,
}: {
  url: URL;
  filters: Filters;
  accounts: readonly AccountName[];
  hasPeriod?: boolean;
}): Html {
  const kept = [...url.searchParams].filter(([name]) => !NOT_KEPT.includes(name));
  return html`<form class="filters" method="get" action="${url.pathname}">
${kept.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<label>Account ${accountField(accounts, filters.accountId)}</label>
${hasPeriod ? html`<label>Period <select name="days">${PERIODS.map((days) => option(String(days), periodText(days), days === filters.days))}</select></label>` : html`<input type="hidden" name="days" value="${filterParameters(filters).days}">`}
<button>Show</button>
</form>`;
}

/** `P12345678 Acme Norge`. */
export function accountText({ id, label }: AccountName): string {
  return label === null ? id : `${id} ${label}`;
}

/** `90 days`, `1 year`. */
export function periodText(days: number): string {
  if (days % 365 !== 0) return `${days} days`;
  return days === 365 ? '1 year' : `${days / 365} years`;
}

/** A thousand options would add 60 KB to every page, in a list too long to find an account in. */
const MOST_OPTIONS = 100;

/** A list; with many accounts, a field for an id or a part of a label (`typedAccountAddress`). */
function accountField(accounts: readonly AccountName[], chosen: string | null): Html {
  if (accounts.length > MOST_OPTIONS) {
    return html`<input type="search" name="account" value="${chosen}" placeholder="All: id or label" autocomplete="off">`;
  }
  return html`<select name="account"><option value="">All accounts</option>${accountOptions(accounts, chosen)}</select>`;
}

const ACCOUNT_ID = /^[PT]\d{8}$/;

/**
 * The address for an account that a person typed: the same page if one account matches, else the list of the accounts
 * that match. Null if the address has an account id, or no account.
 */
export function typedAccountAddress(url: URL, accounts: readonly AccountName[]): string | null {
  const typed = url.searchParams.get('account') ?? '';
  if (typed === '' || ACCOUNT_ID.test(typed)) return null;
  const wanted = typed.trim().toLowerCase();
  const found = accounts.filter((account) => accountText(account).toLowerCase().includes(wanted));
  const [only] = found;
  if (only === undefined || found.length > 1) return address('/accounts', { q: typed.trim() });
  return changed(url, { account: only.id, page: null });
}

function accountOptions(accounts: readonly AccountName[], chosen: string | null): Html {
  const isKnown = chosen === null || accounts.some(({ id }) => id === chosen);
  return html`${isKnown ? nothing : option(chosen, `${chosen} (unknown)`, true)}${accounts.map((account) => option(account.id, accountText(account), account.id === chosen))}`;
}

function option(value: string, words: string, isChosen: boolean): Html {
  return html`<option value="${value}"${isChosen && html` selected`}>${words}</option>`;
}
