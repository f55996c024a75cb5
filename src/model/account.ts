/** The credentials that get an account's token: its own client, or that of its partner. */
export type Credentials =
  | { kind: 'client'; clientId: string; clientSecret: string }
  | {
      kind: 'partner';
      partnerId: string;
      clientId: string;
      clientSecret: string;
      /** The account that the token's audience names; Dintero's older and newer pages differ. */
      audience: 'partner' | 'merchant';
    };

/** The filters of a list request; an empty array or null does not filter. */
export type Filters = {
  products: string[];
  caseStatus: string[];
  actionsOnApproval: string[];
  payoutDestinationId: string | null;
};

/** A configured account. */
export type Account = {
  /** `^[PT]\d{8}$` */
  id: string;
  label: string | null;
  /** A cron expression of five fields, or six with seconds first. */
  schedule: string;
  credentials: Credentials;
  filters: Filters;
  includeContracts: boolean;
  webhookSecret: string | null;
};

/** Whether a list with these filters can lack existing cases; such a list must not mark cases missing. */
export function isFiltered(filters: Filters): boolean {
  return (
    filters.products.length > 0 ||
    filters.caseStatus.length > 0 ||
    filters.actionsOnApproval.length > 0 ||
    filters.payoutDestinationId !== null
  );
}
