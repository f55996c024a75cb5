// npm run test:model -- 2000: see docs/development.md
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { test } from './support/database.ts';
import type { Step } from './support/histories/history.ts';
import { keepHistory, keptHistories } from './support/histories/kept.ts';
import { MUTATIONS } from './support/histories/mutations.ts';
import type { Failure } from './support/histories/play.ts';
import { openPlayer } from './support/histories/player.ts';
import { histories } from './support/histories/random.ts';

const COUNT = Number(process.env.HISTORIES ?? 60);
const SEED = process.env.HISTORIES_SEED;
const PATH = process.env.HISTORIES_PATH;
/** Only ends a test that hangs. */
const SECONDS_PER_HISTORY = 5;

describe('a kept history', () => {
  for (const [name, { found, steps }] of keptHistories()) {
    test(`finds nothing any more: ${name} (${found})`, async ({ db }) => {
      await using player = await openPlayer(db);
      expect(await player.play(steps)).toBeNull();
    });
  }
});

describe('random histories', () => {
  const timeout = Math.max(600, COUNT * SECONDS_PER_HISTORY) * 1000;
  test(`leave the tables and reports that their lists imply: ${COUNT}`, { timeout }, async ({ db }) => {
    await using player = await openPlayer(db);
    const parameters = { ...(SEED !== undefined && { seed: Number(SEED) }), ...(PATH !== undefined && { path: PATH }) };
    const result = await fc.check(property(player.play), { numRuns: COUNT, ...parameters });
    if (!result.failed) return;
    const steps = result.counterexample?.[0] ?? [];
    const failure = await player.play(steps);
    const file = keepHistory({ found: failure?.differences[0] ?? String(result.errorInstance), steps }, result.seed);
    const again = `npm run test:model -- ${COUNT} --seed ${result.seed} --path ${result.counterexamplePath}`;
    expect.fail(
      [
        `Kept as ${file}`,
        `Again: ${again}`,
        ...steps.map((step) => JSON.stringify(step)),
        ...(failure?.differences ?? []),
      ].join('\n'),
    );
  });

  for (const [title, { mutate, differs }] of Object.entries(MUTATIONS)) {
    test(`find ${title}`, async ({ db }) => {
      await using player = await openPlayer(db, mutate);
      const found: Failure[] = [];
      await fc.check(
        property(async (history) => {
          const failure = await player.play(history);
          if (failure !== null) found.push(failure);
          return failure;
        }),
        { numRuns: 150, seed: 1, endOnFailure: true },
      );
      expect(found[0]?.differences[0]).toMatch(differs);
    });
  }
});

const property = (play: (history: Step[]) => Promise<unknown>) =>
  fc.asyncProperty(histories, async (history) => (await play(history)) === null);
