import { z } from 'zod';
import { calendar } from './calendar.ts';
import { mustBe } from './must-be.ts';
import { notify } from './notify.ts';
import { facts } from './report-facts.ts';
import { retention } from './retention.ts';
import { reviews } from './reviews.ts';
import { cron } from './schedule.ts';
import { timezone } from './timezone.ts';
import {
  accountId,
  clientId,
  filePath,
  flag,
  httpUrl,
  list,
  numberAboveZero,
  numberFrom,
  partnerId,
  secret,
  section,
  statusName,
  text,
  wholeNumber,
} from './values.ts';
import { viewer } from './viewers.ts';

// The keys of the configuration file. Editors show the descriptions, by way of cdd-sync.schema.json. A key has an upper
// limit if a larger number would break something; a comment beside it gives the reason.

const clientSecret = secret.optional().describe(`Secret of the API client. Write \${NAME} and keep it in a variable.`);
const clientSecretFile = filePath
  .optional()
  .describe('File that contains the secret, instead of clientSecret; relative to the folder of this file.');

const filters = section({
  products: list(text).default([]).describe('Only cases of these products, such as payout.'),
  caseStatus: list(statusName.describe('A status, in capitals.'))
    .default([])
    .describe('Only cases in these statuses, such as ACTIVE.'),
  actionsOnApproval: list(text).default([]).describe('Only cases with these actions on approval.'),
  payoutDestinationId: text
    .optional()
    .describe('Only cases of this payout destination; "*" is the same as leaving it out.'),
});

const partner = section({
  id: partnerId.describe("The partner's account id, which ends in five zeros."),
  clientId: clientId.describe("Id of the partner's API client."),
  clientSecret,
  clientSecretFile,
  discover: flag.default(false).describe('Whether every merchant of the partner is an account.'),
  audience: z
    .enum(['partner', 'merchant'], mustBe('partner or merchant'))
    .default('partner')
    .describe("Whether a merchant's token names the partner's or the merchant's account as its audience."),
});

const account = section({
  id: accountId.describe('P (production) or T (test) and eight digits.'),
  label: text.optional().describe('A name for people, shown in the reports.'),
  partner: partnerId.optional().describe('The configured partner whose client reads this account.'),
  clientId: clientId.optional().describe("Id of the account's own API client; not with partner."),
  clientSecret,
  clientSecretFile,
  schedule: cron.optional().describe("This account's own schedule, instead of the one at the top."),
  filters: filters
    .prefault({})
    .describe('Reads only a part of the list. With a filter, no case is ever marked missing.'),
  includeContracts: flag.default(false).describe('Whether to ask for the contracts in the events too.'),
  webhookSecret: secret
    .optional()
    .describe(`Secret of the account's webhook subscription. Write \${NAME} and keep it in a variable.`),
});

const api = section({
  baseUrl: httpUrl.prefault('https://api.dintero.com/v1').describe('Address of the API.'),
  audienceBase: httpUrl.optional().describe("Beginning of a token's audience. Default: baseUrl and /accounts."),
  // Node fires a timer of more than 24.8 days at once.
  timeoutSeconds: numberAboveZero(86_400)
    .default(60)
    .describe('Seconds without a received byte until a request fails.'),
  // Postgres' limit for one jsonb is 256 MB, and a document grows a little when it is converted.
  maxItemMegabytes: numberAboveZero(200).default(16).describe('A larger list item is rejected, not held in memory.'),
});

const reports = section({
  calendar: calendar
    .prefault({})
    .describe('Business hours, for the columns business_hours and for targets in business hours.'),
  reviews: reviews.prefault({}).describe('Periodic review of approved cases; feeds reporting.periodic_reviews.'),
  facts: facts
    .default({})
    .describe("By name, jsonpaths of values in a case's newest document; feeds reporting.case_facts."),
});

const statusTarget = z.union(
  [
    // Ten years. A very large number would overflow a timestamp in the view.
    numberAboveZero(87_600),
    // Reaches four years ahead with the default hours; the calendar reaches ten.
    section({
      businessHours: numberAboveZero(8_760).describe('Business hours that a case may stay in the status.'),
    }),
  ],
  mustBe('hours above 0, at most 87600, or { businessHours: … }'),
);

/** The file after variables are substituted. Rules between keys are in rules.ts. */
export const fileSchema = section({
  schedule: cron
    .default('*/15 * * * *')
    .describe('When accounts without a schedule of their own are read: cron, five fields, or six with seconds first.'),
  timezone: timezone.default('Europe/Oslo').describe('Time zone of the schedules, and of the days in the reports.'),
  concurrency: wholeNumber(1).default(4).describe('How many accounts one worker syncs at the same time.'),
  personalData: z
    .enum(['keep', 'drop', 'minimal'], mustBe('keep, drop or minimal'))
    .default('keep')
    .describe(
      'drop stores no events[].case, no contract_url and no case_request.details; minimal stores only documented fields.',
    ),
  missingGuard: section({
    ratio: numberFrom(0, 1).default(0.2).describe('Share of the present cases that may be marked missing.'),
    atLeast: wholeNumber(0).default(10).describe('Number of cases that may always be marked missing.'),
  })
    .prefault({})
    .describe('If a list lacks more cases than both limits allow, none is marked missing.'),
  statusTargets: z
    .record(statusName, statusTarget, mustBe('a map of statuses and hours'))
    .default({})
    .describe('Hours, or business hours, that a case may stay in a status; feeds reporting.status_targets.'),
  reports: reports.prefault({}).describe('How the reports are computed.'),
  retention: retention.prefault({}).describe('For how long records are kept.'),
  api: api.prefault({}).describe('Address of the API, and limits for its answers.'),
  server: section({
    host: text.default('127.0.0.1').describe('Address to listen on. The variable HOST overrides it.'),
    port: wholeNumber(0, 65_535)
      .default(8080)
      .describe('Port to listen on, 0 for any. The variable PORT overrides it.'),
    url: httpUrl
      .optional()
      .describe('Address at which people open the pages, such as https://cdd.example.com; for links in messages.'),
    viewers: list(viewer)
      .default([])
      .describe('Who may open the pages. Without any, only a browser on the same machine may.'),
  })
    .prefault({})
    .describe("The worker's HTTP server."),
  notify: notify.prefault({}).describe('Who is told of what, and how.'),
  partners: list(partner).default([]).describe('Partners whose client reads the accounts of their merchants.'),
  accounts: list(account).default([]).describe('The accounts to read.'),
});

/** The file as it is written, and with defaults filled in. */
export type FileInput = z.input<typeof fileSchema>;
export type FileContent = z.output<typeof fileSchema>;

/**
 * The keys that the map at a path may have; empty if there is no such map. `value` is the content of the file, for maps whose
 * `type` says which keys they have; without it, those of all types are given.
 */
export function keysAt(
  path: readonly PropertyKey[],
  schema: z.core.$ZodType = fileSchema,
  value: unknown = undefined,
): string[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) {
    return keysAt(path, schema.unwrap(), value);
  }
  if (schema instanceof z.ZodUnion) {
    const fitting = schema.options.filter((option) => isOfType(option, value));
    return [...new Set(fitting.flatMap((option) => keysAt(path, option, value)))];
  }
  const [step, ...rest] = path;
  const below =
    typeof value === 'object' && value !== null && step !== undefined ? Reflect.get(value, step) : undefined;
  if (schema instanceof z.ZodArray) return keysAt(rest, schema.element, below);
  if (schema instanceof z.ZodRecord) return keysAt(rest, schema.valueType, below);
  if (!(schema instanceof z.ZodObject)) return [];
  if (step === undefined) return Object.keys(schema.shape);
  const inner = typeof step === 'string' ? schema.shape[step] : undefined;
  return inner === undefined ? [] : keysAt(rest, inner, below);
}

/** Whether a map can have this schema, by its `type`. */
function isOfType(schema: z.core.$ZodType, value: unknown): boolean {
  const type = schema instanceof z.ZodObject ? schema.shape.type : undefined;
  if (!(type instanceof z.ZodLiteral) || typeof value !== 'object' || value === null) return true;
  return type.safeParse(Reflect.get(value, 'type')).success;
}

/** Where else in the file a key may stand, in words; the places below `path` first. */
export function placesOf(key: string, near: readonly PropertyKey[]): string[] {
  const places: [words: string, path: readonly PropertyKey[]][] = [
    ['into an entry of accounts', ['accounts', 0]],
    ['into an entry of partners', ['partners', 0]],
    ['under filters of an account', ['accounts', 0, 'filters']],
    ['under api', ['api']],
    ['under server', ['server']],
    ['into an entry of viewers of server', ['server', 'viewers', 0]],
    ['under notify', ['notify']],
    ['into an entry of channels of notify, of the right type', ['notify', 'channels', 0]],
    ['into an entry of rules of notify', ['notify', 'rules', 0]],
    ['under missingGuard', ['missingGuard']],
    ['under retention', ['retention']],
    ['under cases of retention', ['retention', 'cases']],
    ['into an entry of rules of retention.cases', ['retention', 'cases', 'rules', 0]],
    ['under reports', ['reports']],
    ['under calendar of reports', ['reports', 'calendar']],
    ['under reviews of reports', ['reports', 'reviews']],
    ['under when of a rule of reports.reviews', ['reports', 'reviews', 'rules', 0, 'when']],
    ['under a status of statusTargets', ['statusTargets', 'STATUS']],
    ['at the beginning of a line, outside of any section', []],
  ];
  const isNear = (path: readonly PropertyKey[]) => near.length > 0 && near.every((step, index) => path[index] === step);
  const possible = places.filter(([, path]) => keysAt(path).includes(key));
  return [...possible.filter(([, path]) => isNear(path)), ...possible].map(([words]) => words);
}
