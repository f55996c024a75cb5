import { describe, expect, test } from 'vitest';
import { judge } from '../../bench/soak/judgement.ts';
import type { Sample } from '../../bench/soak/sample.ts';

const MEGABYTE = 1024 * 1024;

/** Sixty samples of a worker at peace: its memory is a saw-tooth, connections come and go, tables follow their rows. */
function soak(change: (sample: Sample, index: number) => Partial<Sample> = () => ({})): Sample[] {
  return Array.from({ length: 60 }, (_, index) => {
    const runs = 100 * index;
    const tooth = (index % 7) * 4 * MEGABYTE;
    const sample: Sample = {
      seconds: 30 * index,
      runs,
      rss: 170 * MEGABYTE + tooth / 4,
      heapUsed: 40 * MEGABYTE + tooth / 2,
      heapTotal: 60 * MEGABYTE,
      external: 14 * MEGABYTE + tooth,
      files: 30 + (index % 5),
      sockets: 8 + (index % 5),
      sessions: 5 + (index % 5),
      jobs: index % 3,
      tables: {
        'cdd.accounts': { rows: 8, bytes: MEGABYTE },
        'cdd.event_revisions': { rows: 10_000 + runs, bytes: (10_000 + runs) * 300 },
      },
      recorded: { 'cdd.event_revisions': 10_000 + runs },
    };
    return { ...sample, ...change(sample, index) };
  });
}

function growing(samples: Sample[]): string[] {
  return judge(samples)
    .filter(({ isGrowing }) => isGrowing)
    .map(({ figure }) => figure);
}

const grown = (table: string, bytes: number) => (sample: Sample, index: number) => ({
  tables: { ...sample.tables, [table]: { rows: sample.tables[table]?.rows ?? 0, bytes: bytes * (index + 1) } },
});

describe('the judgement of a soak', () => {
  test('a saw-tooth with a level floor, and tables that follow their rows, do not grow', () => {
    expect(growing(soak())).toEqual([]);
  });

  test.for([
    ['memory of the heap', (sample: Sample, index: number) => ({ heapUsed: sample.heapUsed + index * 200 * 1024 })],
    ['buffers', (sample: Sample, index: number) => ({ external: sample.external + index * MEGABYTE })],
    ['native memory', (sample: Sample, index: number) => ({ rss: sample.rss + index * 300 * 1024 })],
    ['sessions of Postgres', (sample: Sample, index: number) => ({ sessions: sample.sessions + index / 4 })],
    ['open files', (sample: Sample, index: number) => ({ files: sample.files + index / 4 })],
    ['jobs that nobody ends', (sample: Sample, index: number) => ({ jobs: sample.jobs + index / 4 })],
    ['a table without new rows', grown('cdd.accounts', MEGABYTE)],
    ['rows that no run counted', (_: Sample, index: number) => ({ recorded: { 'cdd.event_revisions': 85 * index } })],
    ['a history table beyond its rows', grown('cdd.event_revisions', 3 * MEGABYTE)],
  ] as const)('%s: a small steady growth is found', ([, change]) => {
    expect(growing(soak(change))).toHaveLength(1);
  });

  test('too few samples are refused', () => {
    expect(() => judge(soak().slice(0, 10))).toThrow('too few');
  });
});
