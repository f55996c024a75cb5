// The judgement of a soak. The first third of the run shows by how much each figure moves while nothing is wrong; the
// other two thirds are judged by it, so that there is no bound that fits one machine only.
import type { Sample, TableSize } from './sample.ts';

type Measured = 'rss' | 'heapUsed' | 'external' | 'files' | 'sockets' | 'sessions' | 'jobs';

/** One judged figure. Bytes, or a count. */
export type Finding = {
  figure: string;
  unit: 'bytes' | 'count';
  /** Beginning and end of the line through the last two thirds. Of a table: the size that the runs explain, and its size. */
  before: number;
  after: number;
  /** How much `after` may be above `before`. */
  allowed: number;
  /** Growth for every 100 runs. */
  per100Runs: number;
  isGrowing: boolean;
};

const LEAST_SAMPLES = 24;

/**
 * A figure may rise by this part of the swing of its first third. Garbage makes memory a saw-tooth, and the line through a
 * few teeth is tilted by up to so much although they stand level. Connections come and go with the load of the machine.
 */
const SWING_PART = { bytes: 0.25, count: 0.5 };
/** Where the first third hardly moves: V8 goes on to compile code, and a pool may open some connections more. */
const LEAST_PART = 0.05;
const LEAST_COUNT = 4;
/** Postgres vacuums a table when a fifth of its rows are dead, so it is larger than its rows explain by about this. */
const DEAD_PART = 0.25;
/** A table grows in steps; small ones also by the first pages of their indexes. */
const LEAST_TABLE_BYTES = 256 * 1024;
/** Runs under way have rows that their counters lack, and some jobs end without a run. */
const UNCOUNTED_PART = 0.1;
const LEAST_UNCOUNTED = 100;

const UNITS: Record<Measured, Finding['unit']> = {
  rss: 'bytes',
  heapUsed: 'bytes',
  external: 'bytes',
  files: 'count',
  sockets: 'count',
  sessions: 'count',
  jobs: 'count',
};

/** Judges memory, connections and the queue by their slope, bytes of tables by their rows, rows by what runs counted. */
export function judge(samples: readonly Sample[]): Finding[] {
  if (samples.length < LEAST_SAMPLES) throw new Error(`${samples.length} samples are too few to judge`);
  const third = Math.floor(samples.length / 3);
  const parts = [samples.slice(0, third), samples.slice(third)] as const;
  const measured = (Object.keys(UNITS) as Measured[]).map((figure) => slopeOf(figure, parts));
  return [...measured, ...tablesOf(parts), ...rowsOf(parts)];
}

type Parts = readonly [first: readonly Sample[], rest: readonly Sample[]];

function slopeOf(figure: Measured, [first, rest]: Parts): Finding {
  const unit = UNITS[figure];
  const values = first.map((sample) => sample[figure]);
  const swing = Math.max(...values) - Math.min(...values);
  const perRun = slope(rest.map((sample) => [sample.runs, sample[figure]]));
  const before = median(rest.map((sample) => sample[figure] - perRun * (sample.runs - runsAt(first))));
  const runs = runsAt(rest) - runsAt(first);
  const allowed = Math.max(swing * SWING_PART[unit], unit === 'bytes' ? before * LEAST_PART : LEAST_COUNT);
  return finding({ figure, unit, before, after: before + perRun * runs, allowed }, runs);
}

/** The median slope of all pairs of points (Theil and Sen): no single peak tilts it. */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const slopes = points.flatMap(([x, y], index) =>
    points.slice(index + 1).flatMap(([otherX, otherY]) => (otherX === x ? [] : [(otherY - y) / (otherX - x)])),
  );
  return median(slopes);
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

function tablesOf([first, rest]: Parts): Finding[] {
  const [before, after] = [first.at(-1)?.tables ?? {}, rest.at(-1)?.tables ?? {}];
  const runs = runsAt(rest) - runsAt(first);
  return Object.entries(after).map(([name, size]) => tableOf(name, [before[name] ?? size, size], runs));
}

/** A row of now should need no more bytes than one at the end of the first third. */
function tableOf(name: string, [old, now]: [TableSize, TableSize], runs: number): Finding {
  const before = old.bytes * Math.max(1, now.rows / Math.max(old.rows, 1));
  const allowed = Math.max(before * DEAD_PART, LEAST_TABLE_BYTES);
  return finding({ figure: `bytes of ${name}`, unit: 'bytes', before, after: now.bytes, allowed }, runs);
}

/** The rows added since the first third, compared with what runs counted since then. */
function rowsOf([first, rest]: Parts): Finding[] {
  const [old, now] = [first.at(-1), rest.at(-1)];
  return Object.entries(now?.recorded ?? {}).map(([name, count]) => {
    const before = count - (old?.recorded[name] ?? 0);
    const after = (now?.tables[name]?.rows ?? 0) - (old?.tables[name]?.rows ?? 0);
    const allowed = Math.max(before * UNCOUNTED_PART, LEAST_UNCOUNTED);
    return finding(
      { figure: `new rows of ${name}`, unit: 'count', before, after, allowed },
      runsAt(rest) - runsAt(first),
    );
  });
}

function finding(values: Omit<Finding, 'per100Runs' | 'isGrowing'>, runs: number): Finding {
  const growth = values.after - values.before;
  return { ...values, per100Runs: (growth / Math.max(runs, 1)) * 100, isGrowing: growth > values.allowed };
}

/** The number of runs at the end of the part. */
function runsAt(part: readonly Sample[]): number {
  return part.at(-1)?.runs ?? 0;
}
