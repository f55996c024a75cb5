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

/** A panel's title, description and SQL. */
type PanelContent = { title: string; description: string; query: string };

/** Colors by value: `first` below the first step, then each step's color from its value on. */
export function thresholds(first: string, ...steps: [value: number, color: string][]): ThresholdsConfigBuilder {
  const all: Threshold[] = [{ value: null, color: first }, ...steps.map(([value, color]) => ({ value, color }))];
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(all);
}

/** Colors of hours divided by the target of their status, at the shares at which `status_targets` changes its state. */
export const SHARE_OF_TARGET = thresholds('green', [0.8, 'orange'], [1, 'red']);

/** A panel with one number. */
export function number({ title, description, query }: PanelContent): stat.PanelBuilder {
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

/** A table. The query's column names are its headings. */
export function rows({ title, description, query }: PanelContent): table.PanelBuilder {
  return new table.PanelBuilder()
    .title(title)
    .description(description)
    .withTarget(sql(query))
    .height(9)
    .filterable(true)
    .thresholds(thresholds('text'));
}

/** Lines over time: one per column, or one per value of the column `metric` if the query has it. */
export function lines({ title, description, query }: PanelContent): timeseries.PanelBuilder {
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

/** Stacked bars over time. */
export function stackedBars(content: PanelContent): timeseries.PanelBuilder {
  return lines(content)
    .drawStyle(GraphDrawStyle.Bars)
    .lineWidth(0)
    .fillOpacity(80)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
}

/** A group of bars per row. The query's first column names the groups. */
export function bars({ title, description, query }: PanelContent): barchart.PanelBuilder {
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
  /** Colors the cell's text by its value. */
  steps?: ThresholdsConfigBuilder;
  /** Colors the cell's text by the text itself. */
  texts?: Record<string, string>;
};

/** The display settings of one column, for `overrideByName`. */
export function field({ unit, decimals, width, color, steps, texts }: Field): DynamicConfigValue[] {
  const colored = { id: 'custom.cellOptions', value: { type: 'color-text' } };
  const options = Object.entries(texts ?? {}).map(([text, shade]) => [text, { color: shade }]);
  return [
    ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
    ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
    ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]),
    ...(color === undefined ? [] : [{ id: 'color', value: fixedColor(color).build() }]),
    ...(steps === undefined ? [] : [{ id: 'thresholds', value: steps.build() }, colored]),
    ...(texts === undefined
      ? []
      : [{ id: 'mappings', value: [{ type: 'value', options: Object.fromEntries(options) }] }, colored]),
  ];
}

/** One color, independent of the value. */
export function fixedColor(color: string): FieldColorBuilder {
  return new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(color);
}
