// A sample of npm run test:crashes: see docs/development.md
import { expect, inject, test } from 'vitest';
import type { Disturbance } from './support/crashes/disturbances.ts';
import { record } from './support/crashes/machine.ts';
import type { Moment } from './support/crashes/proxy.ts';
import { SCENARIOS } from './support/crashes/scenarios.ts';
import { play } from './support/crashes/trial.ts';

type Sample = [Disturbance, Moment, statement: RegExp];

/** The statements of a batch, of the closing, of a migration and of a retention pass at which most can go wrong. */
const SAMPLES: { name: keyof typeof SCENARIOS; samples: Sample[] }[] = [
  {
    name: 'changed list',
    samples: [
      ['kill', 'answered', /^with input_cases/],
      ['kill', 'before', /^commit after insert into cdd\.rejected_items/],
      ['kill', 'answered', /^commit after insert into cdd\.rejected_items/],
      ['kill', 'answered', /^with closed_run/],
      ['kill', 'before', /^select cdd\.roll_up/],
      ['stop', 'answered', /^with input_cases/],
      ['stop', 'before', /update cdd\.accounts set etag = null/],
      ['swallow', 'before', /^commit after insert into cdd\.rejected_items/],
    ],
  },
  {
    name: 'upgrade from 0.1.0',
    samples: [['kill', 'before', /^commit/]],
  },
  { name: 'retention', samples: [['kill', 'answered', /^delete from cdd\.webhook_deliveries/]] },
];

for (const { name, samples } of SAMPLES) {
  test(`a disturbed command leaves what an undisturbed one does: ${name}`, async () => {
    await using recorded = await record(inject('postgres').url, SCENARIOS[name]);
    const trials = samples.map(async ([disturbance, moment, pattern]) => {
      const statement = recorded.statements.find(({ text }) => pattern.test(text));
      if (statement === undefined) return [`${pattern} did not pass`];
      const found = await play(recorded, { statement, moment, disturbance }, null);
      return found.map((line) => `${disturbance} ${moment} ${pattern}: ${line}`);
    });
    expect((await Promise.all(trials)).flat()).toEqual([]);
  });
}
