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
import { ACCOUNT_NAME, DATA_SOURCE, dedent } from './query.ts';

const TAG = 'cdd-sync';

type DashboardContent = {
  uid: string;
  title: string;
  description: string;
  /** The initial time range. */
  time: { from: string; to: string };
  refresh: string;
  /** A sentence about the age of the data, added to every panel's description. */
  freshnessNote: string;
  rows: Record<string, Builder<Panel>[]>;
};

/** Builds a dashboard with a variable that selects accounts. */
export function dashboard({
  uid,
  title,
  description,
  time,
  refresh,
  freshnessNote,
  rows,
}: DashboardContent): Dashboard {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([TAG])
    .time(time)
    .timezone('browser')
    .refresh(refresh)
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(accountVariable())
    .link(linkToOtherDashboards());
  for (const [row, panels] of Object.entries(rows)) {
    builder.withRow(new RowBuilder(row));
    for (const panel of panels) builder.withPanel(panel);
  }
  return withPanelDetails(builder.build(), freshnessNote);
}

/** Sets panel ids here, because links to panels contain them and Grafana's own could change. */
function withPanelDetails(built: Dashboard, freshnessNote: string): Dashboard {
  const panels = (built.panels ?? []).map((panel, index) => {
    const id = index + 1;
    if ('collapsed' in panel) return { ...panel, id };
    return { ...panel, id, description: `${panel.description ?? ''} ${freshnessNote}`, datasource: DATA_SOURCE };
  });
  return { ...built, panels };
}

function accountVariable(): QueryVariableBuilder {
  return new QueryVariableBuilder('account')
    .label('Account')
    .description('Accounts that are being synced.')
    .datasource(DATA_SOURCE)
    .query(
      dedent(`
        select
          account_id as __value,
          ${ACCOUNT_NAME} as __text
        from reporting.sync_freshness
        order by 2
      `),
    )
    .refresh(VariableRefresh.OnDashboardLoad)
    .multi(true)
    .includeAll(true)
    .current({ selected: true, text: ['All'], value: ['$__all'] });
}

function linkToOtherDashboards(): Builder<DashboardLink> {
  const builder = new DashboardLinkBuilder('Dashboards')
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .includeVars(true)
    .keepTime(false);
  // Without a placement, the links stand beside the variables instead of in a menu.
  const { placement: _, ...link } = builder.build();
  return { build: () => link };
}
