import type { Fleet } from '../fleet.ts';
import type { Finding } from './judgement.ts';
import type { Sample } from './sample.ts';

const MEGABYTE = 1024 * 1024;
const FACTS = /^cdd\.(case_revisions|event_revisions|status_transitions|case_problems|rejected_items)$/;

/** The cells of a sample: sizes in MB, tables as sums of their schema. */
export function sampleRow(sample: Sample): Record<string, string | number> {
  const { seconds, runs, rss, heapUsed, heapTotal, external, sockets, files, sessions, jobs } = sample;
  const tables = Object.entries(sample.tables);
  const sum = (pattern: RegExp, of: 'rows' | 'bytes') =>
    tables.reduce((total, [name, size]) => total + (pattern.test(name) ? size[of] : 0), 0);
  const facts = sum(FACTS, 'rows');
  return {
    minute: (seconds / 60).toFixed(1),
    runs,
    rss: megabytes(rss),
    'heap used': megabytes(heapUsed),
    'heap total': megabytes(heapTotal),
    external: megabytes(external),
    'sockets/files': `${sockets}/${files}`,
    sessions,
    facts,
    'cdd, MB': megabytes(sum(/^cdd\./, 'bytes')),
    'bytes a fact': Math.round(sum(FACTS, 'bytes') / facts),
    'jobs open/kept': `${jobs}/${sum(/^pgboss\.job/, 'rows')}`,
    'queue, MB': megabytes(sum(/^pgboss\./, 'bytes')),
  };
}

/** The cells of a finding. */
export function findingRow({ figure, unit, before, after, allowed, per100Runs, isGrowing }: Finding) {
  const amount = (value: number) => (unit === 'bytes' ? `${(value / MEGABYTE).toFixed(2)} MB` : value.toFixed(1));
  return {
    figure,
    before: amount(before),
    after: amount(after),
    growth: amount(after - before),
    allowed: amount(allowed),
    'per 100 runs': amount(per100Runs),
    verdict: isGrowing ? 'GROWS' : 'flat',
  };
}

/** How many runs ended in each way: a soak in which all runs fail proves nothing. */
export async function endsText({ database }: Fleet): Promise<string> {
  const ends = await database.syncRun.groupBy({ by: ['state', 'errorCode', 'notModified'], _count: true });
  const names = ends
    .toSorted((one, other) => other._count - one._count)
    .map((end) => `${end._count} ${end.state}${end.notModified ? ' (304)' : ''} ${end.errorCode ?? ''}`.trim());
  return `Runs: ${names.join(', ')}.`;
}

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(1);
}
