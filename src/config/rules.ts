import { z } from 'zod';
import type { Finding } from './problems.ts';
import { accountId, partnerId } from './values.ts';

// What keys have to do with each other. This looks at whatever can be read of the file, beside the schema, which looks
// at each value: a refinement of the schema would only run once all values are right, and mistakes would come in two
// helpings.

const readable = z.object({
  id: accountId.optional().catch(undefined),
  discover: z.boolean().catch(false),
  // Anything, also of the wrong type: what counts is whether the key is there.
  partner: z.unknown().optional(),
  clientId: z.unknown().optional(),
  clientSecret: z.unknown().optional(),
  clientSecretFile: z.unknown().optional(),
  webhookSecret: z.unknown().optional(),
});
const sections = z.object({ partners: z.array(z.unknown()).catch([]), accounts: z.array(z.unknown()).catch([]) });

/** A partner or an account, as far as it can be read. */
export type Entry = z.output<typeof readable> & { path: readonly [section: 'partners' | 'accounts', index: number] };

export type Entries = { partners: Entry[]; accounts: Entry[] };

/** The partners and accounts of a tree. What is no map is left out: that is the schema's to report. */
export function entriesOf(tree: unknown): Entries {
  const found = sections.safeParse(tree).data;
  const entries = (section: 'partners' | 'accounts') =>
    (found?.[section] ?? []).flatMap((item, index): Entry[] => {
      const entry = readable.safeParse(item).data;
      return entry === undefined ? [] : [{ ...entry, path: [section, index] }];
    });
  return { partners: entries('partners'), accounts: entries('accounts') };
}

/** Which rules between keys are broken. */
export function ruleFindings({ partners, accounts }: Entries): Finding[] {
  const findings = [...repeatedIds(partners), ...repeatedIds(accounts), ...partners.flatMap(secretFindings)];
  for (const account of accounts) {
    findings.push(...(account.partner === undefined ? ownClient(account) : partnersClient(account, partners)));
  }
  if (accounts.length === 0 && !partners.some(({ discover }) => discover)) {
    const message = 'names nothing to read; list at least one account, or a partner with discover: true';
    findings.push({ path: ['accounts'], message });
  }
  return findings;
}

function repeatedIds(entries: readonly Entry[]): Finding[] {
  return entries.flatMap(({ id, path }, index): Finding[] => {
    const first = entries.findIndex((entry) => entry.id === id);
    if (id === undefined || first === index) return [];
    return [{ path: [...path, 'id'], message: `is ${id} a second time; keep one of the entries with this id` }];
  });
}

function ownClient(account: Entry): Finding[] {
  if (account.clientId !== undefined) return secretFindings(account);
  const message = 'is missing; an account needs either clientId and its secret, or partner';
  return [{ path: [...account.path, 'clientId'], message }, ...secretFindings(account)];
}

function secretFindings({ path, clientSecret, clientSecretFile }: Entry): Finding[] {
  if (clientSecret === undefined && clientSecretFile === undefined) {
    return [
      { path: [...path, 'clientSecret'], message: `is missing; give clientSecret: \${NAME}, or clientSecretFile` },
    ];
  }
  if (clientSecret === undefined || clientSecretFile === undefined) return [];
  return [{ path: [...path, 'clientSecretFile'], message: 'is there beside clientSecret; keep one of the two' }];
}

function partnersClient(account: Entry, partners: readonly Entry[]): Finding[] {
  const own = (['clientId', 'clientSecret', 'clientSecretFile'] as const)
    .filter((key) => account[key] !== undefined)
    .map((key) => ({
      path: [...account.path, key],
      message: 'is there beside partner, whose client is used; keep one',
    }));
  return [...own, ...partnerFindings(account, partners)];
}

function partnerFindings({ id, partner, path }: Entry, partners: readonly Entry[]): Finding[] {
  const named = partnerId.safeParse(partner).data;
  if (named === undefined) return [];
  // Which partner was meant cannot be told while the id of one is wrong, and that is reported already.
  if (partners.some((candidate) => candidate.id === undefined)) return [];
  const at = [...path, 'partner'];
  if (!partners.some((candidate) => candidate.id === named)) {
    const ids = partners.flatMap((candidate) => candidate.id ?? []);
    const known = ids.length === 0 ? 'none are' : `these are: ${ids.join(', ')}`;
    return [{ path: at, message: `is ${named}, which is not configured under partners; ${known}` }];
  }
  if (id === undefined || id[0] === named[0]) return [];
  const message = `is ${named}, but the account is ${id}; test (T) and production (P) do not go together`;
  return [{ path: at, message }];
}
