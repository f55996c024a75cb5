/** An account of the sandbox. A partner's id ends in five zeros; its merchants share the id's first four characters. */
export type SandboxAccount = {
  /** `^[PT]\d{8}$` */
  id: string;
  name: string;
  /** False: the partner's list of merchants shows it as inactive, and token requests for it are refused. */
  active?: boolean;
  /** Number of cases at the start. Default: the sandbox's `casesPerAccount`. */
  cases?: number;
};

/** The accounts of a sandbox that is started without others. */
export const defaultAccounts: readonly SandboxAccount[] = [
  { id: 'P12345678', name: 'Acme Norge' },
  { id: 'T12345678', name: 'Acme Norge (test)' },
  { id: 'P11200000', name: 'Nordic Platform' },
  { id: 'P11200001', name: 'Nordic Platform: Bakeriet' },
  { id: 'P11200002', name: 'Nordic Platform: Verkstedet' },
  { id: 'P11200003', name: 'Nordic Platform: Nedlagt', active: false },
];

/** `count` merchants without a partner, for measuring many accounts. */
export function manyAccounts(count: number): SandboxAccount[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `P${20_000_001 + index}`,
    name: `Merchant ${index + 1}`,
  }));
}

/**
 * The client credentials of an account: always the same, and useless outside the sandbox. Merchants of a partner have
 * their own too, so that both ways of getting a token can be tried.
 */
export function sandboxCredentials(accountId: string): { clientId: string; clientSecret: string } {
  return {
    clientId: `sandbox-client-${accountId}`,
    clientSecret: `sandbox-secret-of-${accountId}-which-opens-nothing`,
  };
}

/** Whether `merchantId` belongs to the partner. False if `partnerId` is no partner's. */
export function isMerchantOf(merchantId: string, partnerId: string): boolean {
  const isPartner = /^[PT]\d{3}00000$/.test(partnerId);
  return isPartner && merchantId !== partnerId && merchantId.slice(0, 4) === partnerId.slice(0, 4);
}
