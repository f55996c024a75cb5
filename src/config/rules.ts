import { z } from 'zod';
import type { Issue } from './problems.ts';
import { accountId, partnerId } from './values.ts';

// Rules between keys. They check the parts of the file that can be read, independent of the schema. Rejected: zod
// refinements, because they run only once all values are valid, and problems would be reported in two rounds.

const looseEntry = z.object({
  id: accountId.optional().catch(undefined),
  discover: z.boolean().catch(false),
  // Of any type: only the presence of the key counts here.
  partner: z.unknown().optional(),
  clientId: z.unknown().optional(),
  clientSecret: z.unknown().optional(),
  clientSecretFile: z.unknown().optional(),
  webhookSecret: z.unknown().optional(),
});
const looseSections = z.object({ partners: z.array(z.unknown()).catch([]), accounts: z.array(z.unknown()).catch([]) });

/** A partner or an account, as far as it can be read. */
export type Entry = z.output<typeof looseEntry> & { path: readonly [section: 'partners' | 'accounts', index: number] };

export type Entries = { partners: Entry[]; accounts: Entry[] };

/** The partners and accounts of a parsed file. Items that are not maps are left out; the schema reports those. */
export function looseEntries(tree: unknown): Entries {
  const found = looseSections.safeParse(tree).data;
  const entries = (section: 'partners' | 'accounts') =>
    (found?.[section] ?? []).flatMap((item, index): Entry[] => {
      const entry = looseEntry.safeParse(item).data;
      return entry === undefined ? [] : [{ ...entry, path: [section, index] }];
    });
  return { partners: entries('partners'), accounts: entries('accounts') };
}

/** An issue at a key of the entry. */
export function issueAt({ path }: Entry, key: keyof Entry, message: string): Issue {
  return { path: [...path, key], message };
}

/** Checks the rules between keys. */
export function ruleIssues({ partners, accounts }: Entries): Issue[] {
  const issues = [...repeatedIdIssues(partners), ...repeatedIdIssues(accounts), ...partners.flatMap(secretIssues)];
  for (const account of accounts) {
    issues.push(...(account.partner === undefined ? ownClientIssues(account) : partnerClientIssues(account, partners)));
  }
  if (accounts.length === 0 && !partners.some(({ discover }) => discover)) {
    const message = 'names nothing to read; list at least one account, or a partner with discover: true';
    issues.push({ path: ['accounts'], message });
  }
  return issues;
}

function repeatedIdIssues(entries: readonly Entry[]): Issue[] {
  return entries
    .filter(({ id }, index) => id !== undefined && entries.findIndex((entry) => entry.id === id) < index)
    .map((entry) => issueAt(entry, 'id', `is ${entry.id} a second time; keep one of the entries with this id`));
}

function ownClientIssues(account: Entry): Issue[] {
  const issues = secretIssues(account);
  if (account.clientId !== undefined) return issues;
  return [
    issueAt(account, 'clientId', 'is missing; an account needs either clientId and its secret, or partner'),
    ...issues,
  ];
}

function secretIssues(entry: Entry): Issue[] {
  const { clientSecret, clientSecretFile } = entry;
  if (clientSecret === undefined && clientSecretFile === undefined) {
    return [issueAt(entry, 'clientSecret', `is missing; give clientSecret: \${NAME}, or clientSecretFile`)];
  }
  if (clientSecret === undefined || clientSecretFile === undefined) return [];
  return [issueAt(entry, 'clientSecretFile', 'is given together with clientSecret; keep one of the two')];
}

function partnerClientIssues(account: Entry, partners: readonly Entry[]): Issue[] {
  const own = (['clientId', 'clientSecret', 'clientSecretFile'] as const)
    .filter((key) => account[key] !== undefined)
    .map((key) => issueAt(account, key, 'is given together with partner, whose client is used; keep one of the two'));
  return [...own, ...partnerIssues(account, partners)];
}

function partnerIssues(account: Entry, partners: readonly Entry[]): Issue[] {
  const named = partnerId.safeParse(account.partner).data;
  if (named === undefined) return [];
  const ids = partners.map((partner) => partner.id);
  // The account may mean a partner with an invalid id, and that id is reported already.
  if (ids.includes(undefined)) return [];
  if (!ids.includes(named)) {
    const known = ids.length === 0 ? 'none are' : `these are: ${ids.join(', ')}`;
    return [issueAt(account, 'partner', `is ${named}, which is not configured under partners; ${known}`)];
  }
  if (account.id === undefined || account.id[0] === named[0]) return [];
  const message = `is ${named}, but the account is ${account.id}; a test account (T) cannot belong to a production partner (P), nor the other way round`;
  return [issueAt(account, 'partner', message)];
}
