import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { field, number, rows, thresholds } from '../panel.ts';
import { ACCOUNT_NAME, ofCase, ofSelectedCases } from '../query.ts';
import { statusTitle } from '../statuses.ts';

/** Production cases with one organization number. */
export function linkedCases(): Builder<Panel>[] {
  return [count(), list()];
}

const LINKS = 'reporting.linked_cases as link';
const CHOSEN = ofSelectedCases('link');

const count = () =>
  number({
    title: 'Applied again after a decline',
    description:
      'Production cases whose organization had been declined in another case before this one was opened. Now, independent of the time range.',
    query: `
      select count(distinct case_id) as cases
      from ${LINKS}
      where ${CHOSEN} and link.declined_before
    `,
  })
    .span(4)
    .height(9)
    .thresholds(thresholds('green', [1, 'orange']));

const list = () =>
  rows({
    title: 'Which applicants have several cases?',
    description:
      'Pairs of production cases with one organization number, declined ones first, at most 200. Now, independent of the time range.',
    query: `
      select
        ${ofCase('link', ACCOUNT_NAME)} as "Account",
        case_id::text as "Case",
        ${ofCase('link', 'payout_destination_name')} as "Merchant",
        ${statusTitle(ofCase('link', 'status'))} as "Status",
        ${ofCase('link', 'opened_at')} as "Opened",
        link.other_account_id as "Other account",
        link.other_case_id::text as "Other case",
        ${statusTitle('link.other_status')} as "Other status",
        link.other_decided_at as "Other decided",
        case when link.declined_before then 'yes' else 'no' end as "Declined before"
      from ${LINKS}
      where ${CHOSEN}
      order by link.declined_before desc, link.case_id, link.other_case_id
      limit 200
    `,
  })
    .span(20)
    .overrideByName('Declined before', field({ width: 130, texts: { yes: 'red', no: 'text' } }));
