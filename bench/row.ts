/** All measurements of one quantity. */
type Amount = { unit: 'ms' | 'bytes' | 'µs per case'; samples: number[] };

/**
 * A bound of a figure. `ratio` is measured / yardstick, `faster` yardstick / measured, `measured` the median itself.
 */
export type Limit = { of: 'ratio' | 'measured'; atMost: number } | { of: 'faster'; atLeast: number };

export type Bounds = { must: Limit[]; aim: Limit[] };

/** One figure of the table. */
export type Row = Bounds & {
  figure: string;
  measured: Amount;
  /** Measured in the same run; null if the bound is absolute. */
  yardstick: (Amount & { what: string }) | null;
  /** Other measurements of the same passes, in milliseconds, by name. */
  details?: Record<string, number[]>;
};

/** A part of the benchmark that can be run alone. */
export type Section = { name: string; run: () => Promise<Row[]> };

export type Verdict = 'missed' | 'must' | 'aim' | 'for information';

/** The median; of an even number the mean of the two in the middle. */
function median(samples: number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const [low = Number.NaN, high = low] = sorted.slice(Math.ceil(half) - 1, Math.floor(half) + 1);
  return (low + high) / 2;
}

/** Measured / yardstick, by their medians; null without a yardstick. */
export function ratioOf({ measured, yardstick }: Pick<Row, 'measured' | 'yardstick'>): number | null {
  return yardstick === null ? null : median(measured.samples) / median(yardstick.samples);
}

/** The strictest bound that the figure meets. */
export function verdictOf(row: Row): Verdict {
  const within = (limits: Limit[]) => limits.every((limit) => isWithin(row, limit));
  if (row.must.length === 0) return 'for information';
  if (!within(row.must)) return 'missed';
  return within(row.aim) ? 'aim' : 'must';
}

function isWithin(row: Row, limit: Limit): boolean {
  const ratio = ratioOf(row) ?? Number.NaN;
  if (limit.of === 'faster') return 1 / ratio >= limit.atLeast;
  return (limit.of === 'ratio' ? ratio : median(row.measured.samples)) <= limit.atMost;
}

/** The cells of the row in the printed table. */
export function printable(row: Row): Record<string, string> {
  const { figure, measured, yardstick, must, aim } = row;
  const isFaster = must.some(({ of }) => of === 'faster');
  const ratio = ratioOf(row);
  return {
    figure,
    measured: amount(median(measured.samples), measured.unit),
    yardstick: yardstick === null ? '' : `${amount(median(yardstick.samples), yardstick.unit)}: ${yardstick.what}`,
    ratio: ratio === null ? '' : isFaster ? `${(1 / ratio).toFixed(0)}x faster` : `${ratio.toFixed(2)}x`,
    must: must.map((limit) => limitText(limit, measured.unit)).join(', '),
    aim: aim.map((limit) => limitText(limit, measured.unit)).join(', '),
    verdict: verdictOf(row),
  };
}

function limitText(limit: Limit, unit: Amount['unit']): string {
  if (limit.of === 'faster') return `>= ${limit.atLeast}x faster`;
  return limit.of === 'ratio' ? `<= ${limit.atMost}x` : `<= ${amount(limit.atMost, unit)}`;
}

/** A row's details in a line; empty without any. */
export function detailsOf({ figure, details = {} }: Row): string {
  const parts = Object.entries(details).filter(([, samples]) => samples.length > 0);
  if (parts.length === 0) return '';
  return `${figure}: ${parts.map(([name, samples]) => `${name} ${amount(median(samples), 'ms')}`).join(', ')}`;
}

const MEGABYTE = 1024 * 1024;

function amount(value: number, unit: Amount['unit']): string {
  if (unit === 'bytes') return `${(value / MEGABYTE).toFixed(0)} MB`;
  if (unit === 'ms' && value >= 10_000) return `${(value / 1000).toFixed(1)} s`;
  return `${value.toFixed(value < 100 ? 1 : 0)} ${unit}`;
}
