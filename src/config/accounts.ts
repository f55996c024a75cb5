import { z } from 'zod';
import { mustBe } from './must-be.ts';
import { cron } from './schedule.ts';
import { accountId, clientId, filePath, flag, list, partnerId, secret, section, statusName, text } from './values.ts';

// The keys of accounts and partners.

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

/** An entry of `partners`. */
export const partner = section({
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

/** An entry of `accounts`. */
export const account = section({
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
