import { z } from 'zod';
import { type LooseChannel, looseChannels, looseRules } from './notify-secrets.ts';
import type { Issue } from './problems.ts';
import type { Entries } from './rules.ts';
import type { FileContent } from './schema.ts';
import { closestMatch } from './spelling.ts';
import { accountId } from './values.ts';

// Rules between the keys of notify, and with the accounts. As rules.ts, this works on any file that can be read.

const looseRule = z.object({
  to: z.array(z.unknown()).catch([]),
  accounts: z.array(z.unknown()).catch([]),
});

/** Checks ids of channels and accounts that rules name. */
export function notifyIssues(tree: unknown, { accounts, partners }: Entries): Issue[] {
  const channels = looseChannels(tree);
  const known = channels.flatMap((channel) => (typeof channel?.id === 'string' ? [channel.id] : []));
  // A channel with an invalid id is reported already, and the rule may mean it.
  const isComplete = known.length === channels.length;
  const knowsAccounts = accounts.every(({ id }) => id !== undefined) && !partners.some(({ discover }) => discover);
  const rules = looseRules(tree).flatMap((item, index) => {
    const { to, accounts: named } = looseRule.safeParse(item).data ?? { to: [], accounts: [] };
    return [
      ...(isComplete ? unknownChannels(to, known).map(at('to', index)) : []),
      ...(knowsAccounts ? unknownAccounts(named, accounts).map(at('accounts', index)) : []),
    ];
  });
  return [...repeatedIds(channels), ...rules];
}

type Place = { position: number; message: string };

const at =
  (key: string, index: number) =>
  ({ position, message }: Place): Issue => ({ path: ['notify', 'rules', index, key, position], message });

function repeatedIds(channels: readonly (LooseChannel | null)[]): Issue[] {
  return channels.flatMap((channel, index) =>
    typeof channel?.id === 'string' && channels.findIndex((other) => other?.id === channel.id) < index
      ? [{ path: ['notify', 'channels', index, 'id'], message: 'is the id of a channel above; give each its own' }]
      : [],
  );
}

function unknownChannels(to: readonly unknown[], known: readonly string[]): Place[] {
  return to.flatMap((id, position) => {
    if (typeof id !== 'string' || known.includes(id)) return [];
    const closest = closestMatch(id, known);
    const these = known.length === 0 ? 'there are none' : `these are: ${known.join(', ')}`;
    const hint = closest === null ? these : `did you mean ${closest}?`;
    return [{ position, message: `is not the id of a channel in notify.channels; ${hint}` }];
  });
}

function unknownAccounts(named: readonly unknown[], accounts: Entries['accounts']): Place[] {
  const ids = accounts.flatMap(({ id }) => id ?? []);
  return named.flatMap((value, position) => {
    const id = accountId.safeParse(value).data;
    if (id === undefined || ids.includes(id)) return [];
    const closest = closestMatch(id, ids);
    const hint = closest === null ? 'add it there, or remove it here' : `did you mean ${closest}?`;
    return [{ position, message: `is ${id}, which is not configured under accounts; ${hint}` }];
  });
}

/** Advice about settings of notify that are accepted, but tell nobody anything. */
export function doubtfulNotify({ notify, statusTargets, server }: FileContent): Issue[] {
  const { channels, rules } = notify;
  const used = new Set(rules.flatMap(({ to }) => to));
  const unused = channels.flatMap(({ id }, index) =>
    used.has(id)
      ? []
      : [
          {
            path: ['notify', 'channels', index],
            message: 'is in no rule, so nothing is ever sent to it; name it in "to" of a rule',
          },
        ],
  );
  const withoutTargets = rules.flatMap(({ on }, index) =>
    on.includes('target_breached') && Object.keys(statusTargets).length === 0
      ? [
          {
            path: ['notify', 'rules', index, 'on'],
            message: 'has target_breached, but no status has a target; set statusTargets',
          },
        ]
      : [],
  );
  const inTheOpen = channels.flatMap((channel, index) =>
    isInTheOpen(channel)
      ? [
          {
            path: ['notify', 'channels', index],
            message: 'sends over a network without encryption; use https, starttls or tls',
          },
        ]
      : [],
  );
  const withoutLinks =
    rules.length > 0 && server.url === undefined
      ? [
          {
            path: ['notify'],
            message: 'sends messages without links; set server.url to the address at which people open the pages',
          },
        ]
      : [];
  return [...unused, ...withoutTargets, ...inTheOpen, ...withoutLinks];
}

function isInTheOpen(channel: FileContent['notify']['channels'][number]): boolean {
  if (channel.type === 'email') return channel.security === 'none' && !isLoopback(channel.host);
  return channel.url?.startsWith('http:') === true && !isLoopback(new URL(channel.url).hostname);
}

function isLoopback(host: string): boolean {
  return /^(localhost|127\.[\d.]+|\[?::1\]?)$/.test(host);
}
