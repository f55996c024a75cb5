// The figures of the worker, each compared with a yardstick measured in the same run: npm run bench -- --help
import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { textTable } from '../test/support/text-table.ts';
import { detailsOf, printable, type Row, ratioOf, type Section, verdictOf } from './row.ts';
import { allSections } from './sections.ts';

type Options = { json?: string; check?: boolean; only: string[]; cases: number };

const ROUNDS = 3;

const command = new Command('npm run bench --')
  .description('Measures the worker and the reports against their yardsticks; well over half an hour on two cores.')
  .option('--json <file>', 'write every sample to this file too')
  .option('--check', 'exit with 1 when a "must" is missed')
  .option('--only <name>', 'only this section; may be repeated', (value, before: string[]) => [...before, value], [])
  .option('--cases <number>', 'cases of the main list; fewer for trying out', wholeNumber, 100_000)
  .showHelpAfterError()
  .parse();
const options = command.opts<Options>();
const note = (text: string) => void process.stderr.write(`${text}\n`);

// Processes and folders are removed on Ctrl-C too.
const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort());

const { signal } = stopping;
const sections: Section[] = [...allSections({ cases: options.cases, rounds: ROUNDS, note, signal })];
const unknown = options.only.filter((name) => !sections.some((section) => section.name === name));
if (unknown.length > 0) {
  command.error(`no section: ${unknown.join(', ')}; there are ${sections.map(({ name }) => name).join(', ')}`);
}

const rows: Row[] = [];
for (const section of sections) {
  if (options.only.length > 0 && !options.only.includes(section.name)) continue;
  rows.push(...(await section.run()));
}
process.stdout.write(`${[textTable(rows.map(printable)), ...rows.map(detailsOf)].filter(Boolean).join('\n')}\n`);
if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report(rows), null, 2)}\n`);
if (options.check && rows.some((row) => verdictOf(row) === 'missed')) process.exitCode = 1;

function report(measured: Row[]) {
  const [processor] = cpus();
  return {
    measuredAt: new Date().toISOString(),
    cases: options.cases,
    machine: { processor: processor?.model, cores: cpus().length, memoryBytes: totalmem(), node: process.version },
    rows: measured.map((row) => ({ ...row, ratio: ratioOf(row), verdict: verdictOf(row) })),
  };
}

function wholeNumber(value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError('Must be a whole number above 0.');
  return Number(value);
}
