import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type DashboardLink,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  type QueryVariableBuilder,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DATA_SOURCE } from './query.ts';

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
  variables: QueryVariableBuilder[];
  annotations?: AnnotationQueryBuilder[];
  rows: Record<string, Builder<Panel>[]>;
};

/** Builds a dashboard with its variables. */
export function dashboard({
  uid,
  title,
  description,
  time,
  refresh,
  freshnessNote,
  variables,
  annotations = [],
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
    .link(linkToOtherDashboards());
  for (const variable of variables) builder.withVariable(variable);
  for (const annotation of annotations) builder.annotation(annotation);
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
