// Accounts of the sandbox and the settings of its API, as the program has them.
import type { Account, Credentials } from '../../src/model/account.ts';
import type { ApiSettings } from '../../src/model/api-settings.ts';
import { sandboxCredentials } from '../../src/sandbox/accounts.ts';

/** An account with credentials of its own, or with those of a partner. */
export function sandboxAccount(id: string, changes: Partial<Account> & { partner?: string } = {}): Account {
  const { partner, ...fields } = changes;
  const credentials: Credentials = partner
    ? { kind: 'partner', partnerId: partner, audience: 'partner', ...sandboxCredentials(partner) }
    : { kind: 'client', ...sandboxCredentials(id) };
  return {
    id,
    label: null,
    schedule: '* * * * *',
    credentials,
    filters: { products: [], caseStatus: [], actionsOnApproval: [], payoutDestinationId: null },
    includeContracts: false,
    webhookSecret: null,
    ...fields,
  };
}

/** Settings of the API at `url`; the timeout is longer than any pause of a busy machine. */
export function apiSettings(url: string, changes: Partial<ApiSettings> = {}): ApiSettings {
  return { baseUrl: url, audienceBase: `${url}/accounts`, timeoutSeconds: 300, maxItemMegabytes: 16, ...changes };
}
