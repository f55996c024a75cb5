import * as barchart from '@grafana/grafana-foundation-sdk/barchart';
import {
  BigValueGraphMode,
  GraphDrawStyle,
  GraphGradientMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type DynamicConfigValue,
  FieldColorBuilder,
  FieldColorModeId,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { sql } from './query.ts';

/** What every panel says of itself, and what it asks. */
type Told = { title: string; description: string; query: string };

/** The first color until the first value, then what follows it. */
export function thresholds(first: string, ...steps: [value: number, color: string][]): ThresholdsConfigBuilder {
  const all: Threshold[] = [{ value: null, color: first }, ...steps.map(([value, color]) => ({ value, color }))];
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(all);
}

/** One number. */
export function number({ title, description, query }: Told): stat.PanelBuilder {
  return new stat.PanelBuilder()
    .title(title)
    .description(description)
    .withTarget(sql(query))
    .height(4)
    .span(3)
    .noValue('–')
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .thresholds(thresholds('blue'));
}

/** Rows, under the names that their columns have in the query. */
export function rows({ title, description, query }: Told): table.PanelBuilder {
  return new table.PanelBuilder()
    .title(title)
    .description(description)
    .withTarget(sql(query))
    .height(9)
    .filterable(true)
    .thresholds(thresholds('text'));
}

/** Values over time: a line for each column, or for each `metric` where the query has such a column. */
export function lines({ title, description, query }: Told): timeseries.PanelBuilder {
  return new timeseries.PanelBuilder()
    .title(title)
    .description(description)
    .withTarget(sql(query, 'time_series'))
    .height(9)
    .span(12)
    .min(0)
    .lineWidth(2)
    .fillOpacity(10)
    .showPoints(VisibilityMode.Auto)
    .legend(legend())
    .tooltip(tooltip());
}

/** Values over time as bars, one on top of the other. */
export function stackedBars(told: Told): timeseries.PanelBuilder {
  return lines(told)
    .drawStyle(GraphDrawStyle.Bars)
    .lineWidth(0)
    .fillOpacity(80)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
}

/** A group of bars for each row, which the query's first column names. */
export function bars({ title, description, query }: Told): barchart.PanelBuilder {
  return new barchart.PanelBuilder()
    .title(title)
    .description(description)
    .withTarget(sql(query))
    .height(9)
    .span(8)
    .min(0)
    .gradientMode(GraphGradientMode.None)
    .showValue(VisibilityMode.Auto)
    .legend(legend())
    .tooltip(tooltip());
}

function legend(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .showLegend(true);
}

function tooltip(): VizTooltipOptionsBuilder {
  return new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.None);
}

type Field = {
  unit?: string;
  decimals?: number;
  width?: number;
  color?: string;
  /** Colors the cell by these. */
  steps?: ThresholdsConfigBuilder;
  /** Colors the cell by its text. */
  texts?: Record<string, string>;
};

/** How one column is shown, for `overrideByName`. */
export function field({ unit, decimals, width, color, steps, texts }: Field): DynamicConfigValue[] {
  const colored = { id: 'custom.cellOptions', value: { type: 'color-text' } };
  const options = Object.entries(texts ?? {}).map(([text, shade]) => [text, { color: shade }]);
  return [
    ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
    ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
    ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]),
    ...(color === undefined ? [] : [{ id: 'color', value: fixed(color).build() }]),
    ...(steps === undefined ? [] : [{ id: 'thresholds', value: steps.build() }, colored]),
    ...(texts === undefined
      ? []
      : [{ id: 'mappings', value: [{ type: 'value', options: Object.fromEntries(options) }] }, colored]),
  ];
}

export function fixed(color: string): FieldColorBuilder {
  return new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(color);
}
