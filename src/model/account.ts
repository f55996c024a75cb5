// What the configuration says of an account, as the rest of the program uses it. Imports nothing.

/** How an account's token is got. */
export type Credentials =
  | { kind: 'client'; clientId: string; clientSecret: string }
  | {
      kind: 'partner';
      partnerId: string;
      clientId: string;
      clientSecret: string;
      /** Whose account the token's audience names; older and newer API pages differ. */
      audience: 'partner' | 'merchant';
    };

/** The list's query; an empty array or null asks for everything. */
export type Filters = {
  products: string[];
  caseStatus: string[];
  actionsOnApproval: string[];
  payoutDestinationId: string | null;
};

export type Account = {
  /** `^[PT]\d{8}$` */
  id: string;
  label: string | null;
  /** Cron, five fields, or six with seconds first. */
  schedule: string;
  credentials: Credentials;
  filters: Filters;
  includeContracts: boolean;
  webhookSecret: string | null;
};

/** Where the API is and how patient we are with it. */
export type ApiSettings = {
  baseUrl: string;
  audienceBase: string;
  /** How long to wait without a byte received. */
  timeoutSeconds: number;
  maxItemMegabytes: number;
};

/** Whether a list asked for with these filters may lack cases that exist. Only an unfiltered one shows what is missing. */
export function isFiltered(filters: Filters): boolean {
  return (
    filters.products.length > 0 ||
    filters.caseStatus.length > 0 ||
    filters.actionsOnApproval.length > 0 ||
    filters.payoutDestinationId !== null
  );
}
