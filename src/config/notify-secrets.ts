import { resolve } from 'node:path';
import { z } from 'zod';
import { signingSecretProblem } from './notify.ts';
import type { Issue } from './problems.ts';
import { isPlainText, readSecretFile } from './secrets.ts';

// Secrets of notify.channels and the files that hold them. As rules.ts, this works on any file that can be read.

const looseChannel = z.looseObject({ type: z.unknown().optional() });
const looseNotify = z.object({
  notify: z.object({ channels: z.array(z.unknown()).catch([]), rules: z.array(z.unknown()).catch([]) }),
});

export type LooseChannel = z.output<typeof looseChannel>;

/** The channels of a parsed file by position; null for an item that is no map. */
export function looseChannels(tree: unknown): (LooseChannel | null)[] {
  const { notify } = looseNotify.safeParse(tree).data ?? {};
  return (notify?.channels ?? []).map((item) => looseChannel.safeParse(item).data ?? null);
}

/** The rules of a parsed file, of any type. */
export function looseRules(tree: unknown): unknown[] {
  return looseNotify.safeParse(tree).data?.notify.rules ?? [];
}

type SecretKey = { key: 'url' | 'secret' | 'password'; isRequired: (channel: LooseChannel) => boolean };

const SECRETS: Record<string, readonly SecretKey[]> = {
  slack: [{ key: 'url', isRequired: () => true }],
  webhook: [
    { key: 'url', isRequired: () => true },
    { key: 'secret', isRequired: () => true },
  ],
  email: [{ key: 'password', isRequired: ({ user }) => user !== undefined }],
};

/** A secret that was read from a file, and the channel and key that it belongs to. */
export type ChannelSecret = { index: number; key: SecretKey['key']; secret: string };

/** Reads the channels' secret files, relative to `folder`; and the problems of secrets. */
export async function readChannelSecrets(
  channels: readonly (LooseChannel | null)[],
  folder: string,
): Promise<{ secrets: ChannelSecret[]; issues: Issue[] }> {
  const secrets: ChannelSecret[] = [];
  const issues: Issue[] = [];
  for (const [index, channel] of channels.entries()) {
    for (const { key, isRequired } of secretsOf(channel)) {
      const report = (name: string, message: string) =>
        issues.push({ path: ['notify', 'channels', index, name], message });
      const file = channel?.[`${key}File`];
      if (channel !== null && channel[key] === undefined && file === undefined && isRequired(channel))
        report(key, `is missing; give ${key}: \${NAME}, or ${key}File`);
      if (channel?.[key] !== undefined && file !== undefined)
        report(`${key}File`, `is given together with ${key}; keep one of the two`);
      else if (typeof file === 'string') {
        const outcome = await readSecretFile(resolve(folder, file));
        const problem = 'message' in outcome ? outcome.message : fileProblem(key, outcome.secret);
        if (problem !== '') report(`${key}File`, problem);
        if ('secret' in outcome) secrets.push({ index, key, secret: outcome.secret });
      }
    }
  }
  return { secrets, issues };
}

function secretsOf(channel: LooseChannel | null): readonly SecretKey[] {
  return (typeof channel?.type === 'string' ? SECRETS[channel.type] : undefined) ?? [];
}

function fileProblem(key: SecretKey['key'], secret: string): string {
  if (key === 'url' && !(/^https?:\/\/[^\s#@]+$/.test(secret) && URL.canParse(secret)))
    return 'names a file that must hold an http or https URL, without user, password and #, and nothing else';
  const problem = key === 'secret' ? signingSecretProblem(secret) : '';
  return problem === '' ? '' : `names a file whose secret ${problem}`;
}

/** Secrets that are written in the file itself. Takes the channels before variables are substituted. */
export function plainTextChannelSecrets(channels: readonly (LooseChannel | null)[]): Issue[] {
  const message = `is in plain text; put it in an environment variable and write \${NAME} here`;
  return channels.flatMap((channel, index) =>
    secretsOf(channel)
      // The address of a webhook is no secret by itself.
      .filter(({ key }) => !(key === 'url' && channel?.type === 'webhook') && isPlainText(channel?.[key]))
      .map(({ key }) => ({ path: ['notify', 'channels', index, key], message })),
  );
}
