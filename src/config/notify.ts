import { z } from 'zod';
import { NOTICE_KINDS } from '../model/notice.ts';
import { mustBe } from './must-be.ts';
import { closestMatch } from './spelling.ts';
import { accountId, filePath, list, secret, section, text, wholeNumber } from './values.ts';

// The keys of notify. Rules between keys are in notify-rules.ts, secrets and their files in notify-secrets.ts.

const idRule = mustBe('a short name of letters, digits, - and _, such as ops');
const channelId = z.string(idRule).regex(/^[A-Za-z0-9_-]{1,40}$/, idRule);

/** With a query and a path, which may be the secret; without user, password and #. */
const targetRule = mustBe(
  'an http or https URL without user, password and #, such as https://hooks.slack.com/services/…',
);
const target = secret.refine((url) => /^https?:\/\/[^\s#@]+$/.test(url) && URL.canParse(url), targetRule);

const url = target.optional();
const urlFile = filePath.optional().describe('File that contains the URL, instead of url.');

/** Long enough that nobody guesses it, as `openssl rand -base64 32` makes it. */
const MIN_SECRET = 24;

/** The problem of a signing secret; empty = no problem. */
export function signingSecretProblem(value: string): string {
  if (value.length < MIN_SECRET) {
    return `must have at least ${MIN_SECRET} characters, so that nobody guesses it; make one with: openssl rand -base64 32`;
  }
  // Node's decoder skips other characters: the key would be short or empty, and another one than the receiver's.
  const isKey = !value.startsWith('whsec_') || /^whsec_[A-Za-z0-9+/]+={0,2}$/.test(value);
  return isKey ? '' : 'begins with whsec_, so the rest must be base64, as openssl rand -base64 32 makes it';
}

const slack = section({
  id: channelId.describe('Name of the channel, for rules, logs and status.'),
  type: z.literal('slack').describe('An incoming webhook of Slack, Mattermost, Rocket.Chat or Discord (/slack).'),
  url: url.describe(`Address of the incoming webhook. It is a secret: write \${NAME} and keep it in a variable.`),
  urlFile,
});

const webhook = section({
  id: channelId.describe('Name of the channel, for rules, logs and status.'),
  type: z.literal('webhook').describe('JSON to an address of yours, signed (docs/operating.md, Telling people).'),
  url: url.describe('Address that gets the messages.'),
  urlFile,
  secret: secret
    .refine((value) => signingSecretProblem(value) === '', {
      error: ({ input }) => signingSecretProblem(String(input)),
    })
    .optional()
    .describe(`Secret of the signature, at least 24 characters. Write \${NAME} and keep it in a variable.`),
  secretFile: filePath.optional().describe('File that contains the secret, instead of secret.'),
});

const mailRule = mustBe('an e-mail address such as ops@example.com, without a name');
const mailAddress = text.refine(
  (value) => /^[^\s@<>()[\],;:"\\\p{C}]{1,64}@[^\s@<>()[\],;:"\\\p{C}]{1,255}$/u.test(value),
  mailRule,
);
const hostRule = mustBe('the name or address of a mail server, such as smtp.example.com');

const email = section({
  id: channelId.describe('Name of the channel, for rules, logs and status.'),
  type: z.literal('email').describe('E-mail through an SMTP server, as plain text.'),
  host: z
    .string(hostRule)
    .regex(/^[A-Za-z0-9.:_-]{1,253}$/, hostRule)
    .describe('The SMTP server.'),
  port: wholeNumber(1, 65_535).optional().describe('Its port. Default: 587; 465 for tls.'),
  security: z
    .enum(['starttls', 'tls', 'none'], mustBe('starttls, tls or none'))
    .default('starttls')
    .describe(
      'starttls: encrypted after a greeting, or not sent; tls: encrypted from the beginning; none: in the open.',
    ),
  user: text.optional().describe('User at the server; without one, nobody signs in.'),
  password: secret.optional().describe(`Password of the user. Write \${NAME} and keep it in a variable.`),
  passwordFile: filePath.optional().describe('File that contains the password, instead of password.'),
  from: mailAddress.describe('Sender.'),
  to: list(mailAddress).min(1, mustBe('a list of at least one address')).describe('Recipients; they see each other.'),
});

const typeRule = {
  error: ({ code, input }: z.core.$ZodRawIssue) => {
    if (code === 'invalid_type') return 'must be a map of keys and values';
    const hasType = typeof input === 'object' && input !== null && Reflect.get(input, 'type') !== undefined;
    return `${hasType ? '' : 'is missing; it '}must be slack, webhook or email`;
  },
};

const kind = z.enum(
  NOTICE_KINDS,
  mustBe(`one of ${NOTICE_KINDS.join(', ')}`, (input) => {
    const closest = typeof input === 'string' ? closestMatch(input, NOTICE_KINDS) : null;
    return closest === null ? '' : `did you mean ${closest}?`;
  }),
);

const rule = section({
  on: list(kind).min(1, mustBe('a list of at least one kind')).describe('What is told.'),
  to: list(channelId).min(1, mustBe('a list of at least one channel')).describe('Ids of the channels.'),
  accounts: list(accountId)
    .min(1, mustBe('a list of at least one account, or left out for all'))
    .optional()
    .describe('Only these accounts; without it all.'),
});

/** The section `notify` as it is written in the file. */
export const notify = section({
  channels: list(z.discriminatedUnion('type', [slack, webhook, email], typeRule))
    .default([])
    .describe('Where messages go.'),
  rules: list(rule).default([]).describe('Which channels are told of what.'),
});

type Written = z.output<typeof notify>['channels'][number];
type With<Type extends Written['type'], Key extends string> = Omit<
  Extract<Written, { type: Type }>,
  'urlFile' | 'secretFile' | 'passwordFile' | Key
> & { [key in Key]: string };

export type SlackChannel = With<'slack', 'url'>;
export type WebhookChannel = With<'webhook', 'url' | 'secret'>;
export type EmailChannel = Omit<With<'email', never>, 'port' | 'password'> & { port: number; password: string | null };

/** A channel with its secrets. */
export type Channel = SlackChannel | WebhookChannel | EmailChannel;
type NoticeRule = z.output<typeof rule>;
export type NotifySettings = { channels: Channel[]; rules: NoticeRule[] };

/** The channels of a file whose rules were checked, secret files read. */
export function channelsOf(channels: readonly Written[]): Channel[] {
  return channels.map((channel): Channel => {
    if (channel.type === 'email') {
      const { passwordFile: _, port, password = null, ...rest } = channel;
      return { ...rest, port: port ?? (channel.security === 'tls' ? 465 : 587), password };
    }
    if (channel.type === 'slack') {
      const { urlFile: _, url: address = '', ...rest } = channel;
      return { ...rest, url: address };
    }
    const { urlFile: _, secretFile: __, url: address = '', secret: signing = '', ...rest } = channel;
    return { ...rest, url: address, secret: signing };
  });
}
