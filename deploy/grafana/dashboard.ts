import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type DashboardLink,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { ACCOUNT, DATA_SOURCE, outdented } from './query.ts';

const TAG = 'cdd-sync';

type Described = {
  uid: string;
  title: string;
  description: string;
  /** The time range that it opens with. */
  time: { from: string; to: string };
  refresh: string;
  /** How fresh what the panels show is; said of each. */
  fresh: string;
  rows: Record<string, Builder<Panel>[]>;
};

/** A dashboard over the accounts that its variable names. */
export function dashboard({ uid, title, description, time, refresh, fresh, rows }: Described): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([TAG])
    .time(time)
    .timezone('browser')
    .refresh(refresh)
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(accountVariable())
    .link(linkToTheOthers());
  for (const [row, panels] of Object.entries(rows)) {
    builder.withRow(new RowBuilder(row));
    for (const panel of panels) builder.withPanel(panel);
  }
  return finished(builder.build(), fresh);
}

/** A panel's number is part of the links to it, so it is given here and not by Grafana. */
function finished(made: Dashboard, fresh: string): Dashboard {
  const panels = (made.panels ?? []).map((panel, index) => {
    const id = index + 1;
    if ('collapsed' in panel) return { ...panel, id };
    return { ...panel, id, description: `${panel.description ?? ''} ${fresh}`, datasource: DATA_SOURCE };
  });
  return { ...made, panels };
}

function accountVariable(): QueryVariableBuilder {
  return new QueryVariableBuilder('account')
    .label('Account')
    .description('Accounts that are being synced.')
    .datasource(DATA_SOURCE)
    .query(
      outdented(`
        select
          account_id as __value,
          ${ACCOUNT} as __text
        from reporting.sync_freshness
        order by 2
      `),
    )
    .refresh(VariableRefresh.OnDashboardLoad)
    .multi(true)
    .includeAll(true)
    .current({ selected: true, text: ['All'], value: ['$__all'] });
}

function linkToTheOthers(): Builder<DashboardLink> {
  const builder = new DashboardLinkBuilder('Dashboards')
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .includeVars(true)
    .keepTime(false);
  // Without a placement the link is shown beside the variables, not in a menu.
  const { placement: _, ...link } = builder.build();
  return { build: () => link };
}
