import { type Html, html, nothing } from './html.ts';
import { address, changed } from './link.ts';

/** The two filters of every page. */
export type Filters = {
  /** Null = all accounts that the viewer sees. */
  accountId: string | null;
  /** Days up to now. */
  days: number;
};

export type AccountName = { id: string; label: string | null };

const PERIODS = [7, 30, 90, 365, 1095] as const;
const DEFAULT_DAYS = 90;

/** The filters of an address: `account`, `days`. An account that the viewer does not see is kept: the page is empty. */
export function filtersOf(url: URL): Filters {
  const days = Number(url.searchParams.get('days'));
  return {
    accountId: url.searchParams.get('account') || null,
    days: PERIODS.some((period) => period === days) ? days : DEFAULT_DAYS,
  };
}

/** The filters as parameters of an address; the default period is left out. */
export function filterParameters({ accountId, days }: Filters): { account: string | null; days: number | null } {
  return { account: accountId, days: days === DEFAULT_DAYS ? null : days };
}

/** Parameters that belong to one answer, and not to the state of a page. */
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

export function accountText({ id, label }: AccountName): string {
  return label === null ? id : `${id} ${label}`;
}

/** `90 days`, `1 year`. */
export function periodText(days: number): string {
  if (days % 365 !== 0) return `${days} days`;
  return days === 365 ? '1 year' : `${days / 365} years`;
}

/** More accounts make every page some 60 KB heavier, and nobody finds one in such a list. */
const MOST_OPTIONS = 100;

/** A list, or with many accounts a field for an id or a part of a label: `typedAccountAddress` says where it leads. */
function accountField(accounts: readonly AccountName[], chosen: string | null): Html {
  if (accounts.length > MOST_OPTIONS) {
    return html`<input type="search" name="account" value="${chosen}" placeholder="All: id or label" autocomplete="off">`;
  }
  return html`<select name="account"><option value="">All accounts</option>${accountOptions(accounts, chosen)}</select>`;
}

const ACCOUNT_ID = /^[PT]\d{8}$/;

/**
 * The address that an account typed by a person leads to: the same page if one account is meant, else the accounts that
 * it may be. Null if the address has an id, or no account.
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
