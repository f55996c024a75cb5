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
  return entries.flatMap(({ id, path }, index): Issue[] => {
    const first = entries.findIndex((entry) => entry.id === id);
    if (id === undefined || first === index) return [];
    return [{ path: [...path, 'id'], message: `is ${id} a second time; keep one of the entries with this id` }];
  });
}

function ownClientIssues(account: Entry): Issue[] {
  if (account.clientId !== undefined) return secretIssues(account);
  const message = 'is missing; an account needs either clientId and its secret, or partner';
  return [{ path: [...account.path, 'clientId'], message }, ...secretIssues(account)];
}

function secretIssues({ path, clientSecret, clientSecretFile }: Entry): Issue[] {
  if (clientSecret === undefined && clientSecretFile === undefined) {
    return [
      { path: [...path, 'clientSecret'], message: `is missing; give clientSecret: \${NAME}, or clientSecretFile` },
    ];
  }
  if (clientSecret === undefined || clientSecretFile === undefined) return [];
  return [{ path: [...path, 'clientSecretFile'], message: 'is given together with clientSecret; keep one of the two' }];
}

function partnerClientIssues(account: Entry, partners: readonly Entry[]): Issue[] {
  const own = (['clientId', 'clientSecret', 'clientSecretFile'] as const)
    .filter((key) => account[key] !== undefined)
    .map((key) => ({
      path: [...account.path, key],
      message: 'is given together with partner, whose client is used; keep one of the two',
    }));
  return [...own, ...partnerIssues(account, partners)];
}

function partnerIssues({ id, partner, path }: Entry, partners: readonly Entry[]): Issue[] {
  const named = partnerId.safeParse(partner).data;
  if (named === undefined) return [];
  // A partner with an invalid id, which is reported already, may be the one meant.
  if (partners.some((candidate) => candidate.id === undefined)) return [];
  const at = [...path, 'partner'];
  if (!partners.some((candidate) => candidate.id === named)) {
    const ids = partners.flatMap((candidate) => candidate.id ?? []);
    const known = ids.length === 0 ? 'none are' : `these are: ${ids.join(', ')}`;
    return [{ path: at, message: `is ${named}, which is not configured under partners; ${known}` }];
  }
  if (id === undefined || id[0] === named[0]) return [];
  const message = `is ${named}, but the account is ${id}; a test account (T) cannot belong to a production partner (P), nor the other way round`;
  return [{ path: at, message }];
}
