import { z } from 'zod';
import { account, partner } from './accounts.ts';
import { calendar } from './calendar.ts';
import { mustBe } from './must-be.ts';
import { notify } from './notify.ts';
import { facts } from './report-facts.ts';
import { retention } from './retention.ts';
import { reviews } from './reviews.ts';
import { cron } from './schedule.ts';
import { timezone } from './timezone.ts';
import { httpUrl, list, numberAboveZero, numberFrom, section, statusName, text, wholeNumber } from './values.ts';
import { viewer } from './viewers.ts';

// The keys of the configuration file. Editors show the descriptions, by way of cdd-sync.schema.json. A key has an upper
// limit if a larger number would break something; a comment beside it gives the reason.

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
