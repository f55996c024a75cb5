// The first configuration file of a user: cdd-sync.example.yaml, and the file that `cdd-sync init` writes. In it, "#"
// without a space is in front of a setting, and "# " in front of words, so that a test can switch all settings on.
import { writeFile } from 'node:fs/promises';

/** The variable that holds the secret of the API client. */
export const SECRET_VARIABLE = 'DINTERO_CLIENT_SECRET';

/** One account, or a partner with all of its merchants. */
export type Subject = { kind: 'account' | 'partner'; id: string; clientId: string };

type StarterOptions = {
  /** The path or address of cdd-sync.schema.json, from which editors know the keys; null = none. */
  schema: string | null;
  /** Null = the default. */
  baseUrl?: string | null;
};

/** The text of a configuration file for this account or partner. With null it has three places to fill in. */
export function starterYaml(subject: Subject | null, { schema, baseUrl = null }: StarterOptions): string {
  const head = schema === null ? [] : [`# yaml-language-server: $schema=${schema}`];
  return [
    ...head,
    ...(subject === null ? HOW_TO_FILL_IN : INTRODUCTION),
    '',
    subject?.kind === 'partner' ? partnerPart(subject) : accountPart(subject),
    '',
    SETTINGS.replace(DEFAULT_API, baseUrl === null ? DEFAULT_API : `api:\n  baseUrl: ${yamlText(baseUrl)}`),
  ].join('\n');
}

const INTRODUCTION = [
  `# The configuration of cdd-sync. It holds no secret: \${NAME} is the variable NAME of the environment, or of the file`,
  '# .env in the folder where cdd-sync is started. After a change run: cdd-sync check',
  '# docs/configuration.md of cdd-sync explains every key.',
];
const HOW_TO_FILL_IN = [
  '# Copy this file to cdd-sync.yaml and make three edits: 1 and 2 below, and 3, a line in the file .env beside it:',
  '# DINTERO_CLIENT_SECRET=the secret of the API client',
  '# Then run: cdd-sync check. On a terminal, cdd-sync init asks for the three and writes both files.',
  `# \${NAME} in a value is the variable NAME of the environment, or of .env. docs/configuration.md explains every key.`,
];

function accountPart(subject: Subject | null): string {
  const [id, clientId] = subject === null ? ['', ''] : [` ${subject.id}`, ` ${yamlText(subject.clientId)}`];
  return `accounts:
  - id:${id} ${subject === null ? '# 1. ' : '# '}P (production) or T (test) and eight digits
    clientId:${clientId} ${subject === null ? '# 2. ' : '# '}the id of the API client, as Dintero shows it
    clientSecret: \${${SECRET_VARIABLE}}
    #label: Acme Norge # a name for people, shown in the reports
    #schedule: "*/5 * * * *" # instead of the general one below
    #webhookSecret: \${ACME_HOOK_SECRET} # of a webhook subscription: a change is then read at once
    #includeContracts: false # also ask for the contracts in the events
    #filters: { products: [payout] } # only a part of the list; then no case is ever marked missing
  # A further account begins with "- id:" again. One that a partner's client reads has "partner:" and no client:
  #- id: P11200001
  #  partner: P11200000

# A partner's client. With discover, every merchant of the partner is an account; then "accounts" may be left out.
#partners:
#  - id: P11200000 # ends in five zeros
#    clientId: \${PARTNER_CLIENT_ID}
#    clientSecret: \${PARTNER_CLIENT_SECRET}
#    discover: true
#    audience: partner # the account that a merchant's token names as its audience: partner | merchant`;
}

function partnerPart({ id, clientId }: Subject): string {
  return `partners:
  - id: ${id} # ends in five zeros
    clientId: ${yamlText(clientId)} # the id of the API client, as Dintero shows it
    clientSecret: \${${SECRET_VARIABLE}}
    discover: true # every merchant of the partner is an account
    #audience: partner # the account that a merchant's token names as its audience: partner | merchant

# Accounts with a client or settings of their own, also merchants of the partner:
#accounts:
#  - id: ${id.slice(0, -1)}1
#    partner: ${id}
#    label: Acme Norge # a name for people, shown in the reports
#    schedule: "*/5 * * * *" # instead of the general one below`;
}

const DEFAULT_API = '#api:\n#  baseUrl: https://api.dintero.com/v1';

const SETTINGS = `# Everything below has its default. To change a setting, take away the "#" in front of it and of the line above that it
# belongs to.

#schedule: "*/15 * * * *" # cron, five fields, or six with seconds first
#timezone: Europe/Oslo # of the schedules, and of the days in the reports
#concurrency: 4 # accounts that one worker reads at the same time
#personalData: keep # keep | drop | minimal: drop stores no events[].case, contract_url, case_request.details

#server: # the pages, webhooks and metrics
#  host: 127.0.0.1 # the variable HOST overrides it
#  port: 8080 # the variable PORT overrides it
#  viewers: [] # who may open the pages; without any, only a browser on the same machine. See docs/pages.md

#notify: # who is told what goes wrong; docs/operating.md has all kinds and channels
#  channels: [] # such as { id: ops, type: slack, urlFile: /run/secrets/slack }
#  rules: [] # such as { on: [account_stale, run_failing], to: [ops] }

#statusTargets: {} # hours a case may stay in a status, such as UNDER_MANUAL_REVIEW: 48
#reports:
#  calendar: # business hours
#    country: NO # whose public holidays are no business days; or a part of a country, such as DE-BY
#    weekdays: [1, 2, 3, 4, 5] # 1 is Monday
#    hours: "08:00-16:00"
#    closed: [] # further days, such as 2026-12-24
#  reviews: # periodic review of approved cases
#    everyMonths: 60
#    dueSoonDays: 60
#    rules: [] # the first that matches wins, such as { everyMonths: 12, when: { countries: [SE] } }
#  facts: {} # values of the cases' documents, such as risk_level: "$.events[last].case.risk_level"

#missingGuard: # if a list lacks more cases than both limits allow, none is marked missing
#  ratio: 0.2 # share of the present cases
#  atLeast: 10 # number of cases
#retention:
#  rejectedDays: 90 # rejected items that were resolved
#  runDays: 1830 # finished runs
#  cases: # after a case was closed, declined, deleted or left the list
#    years: null # null = kept for ever
#    rules: [] # the first that matches wins, such as { years: 10, when: { countries: [NO] } }
#  erase: report # report | automatic: automatic erases what is due, without asking
${DEFAULT_API}
#  audienceBase: https://api.dintero.com/v1/accounts # default: baseUrl and /accounts
#  timeoutSeconds: 60 # without a received byte
#  maxItemMegabytes: 16 # a larger list item is rejected, not held in memory
`;

/** A text as YAML, in quotes unless it is a plain word that cannot be anything else. */
function yamlText(text: string): string {
  return /^[A-Za-z][\w./:-]*\w$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text)
    ? text
    : JSON.stringify(text);
}

if (import.meta.main) {
  const text = starterYaml(null, { schema: './cdd-sync.schema.json' });
  await writeFile(new URL('../../cdd-sync.example.yaml', import.meta.url), text);
}
