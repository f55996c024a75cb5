import { type Html, html, nothing } from './html.ts';

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
const NOT_KEPT = ['account', 'days', 'page', 'format', 'block'];

/** The form in the head of a page. It keeps the page's own parameters. */
export function filterForm({
  url,
  filters,
  accounts,
}: {
  url: URL;
  filters: Filters;
  accounts: readonly AccountName[];
}): Html {
  const kept = [...url.searchParams].filter(([name]) => !NOT_KEPT.includes(name));
  return html`<form class="filters" method="get" action="${url.pathname}">
${kept.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<label>Account <select name="account"><option value="">All accounts</option>${accountOptions(accounts, filters.accountId)}</select></label>
<label>Period <select name="days">${PERIODS.map((days) => option(String(days), periodText(days), days === filters.days))}</select></label>
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

function accountOptions(accounts: readonly AccountName[], chosen: string | null): Html {
  const isKnown = chosen === null || accounts.some(({ id }) => id === chosen);
  return html`${isKnown ? nothing : option(chosen, `${chosen} (unknown)`, true)}${accounts.map((account) => option(account.id, accountText(account), account.id === chosen))}`;
}

function option(value: string, words: string, isChosen: boolean): Html {
  return html`<option value="${value}"${isChosen && html` selected`}>${words}</option>`;
}
