// Plays any number of random histories: npm run test:model -- 2000
import { spawnSync } from 'node:child_process';
import { Command, InvalidArgumentError } from 'commander';

type Options = { seed?: string; path?: string };

const command = new Command('npm run test:model --')
  .description(
    'Plays random histories against real runs, and keeps one that finds a mistake in test/fixtures/histories.',
  )
  .argument('<count>', 'number of histories', wholeNumber)
  .option('--seed <number>', 'the seed that a failure printed')
  .option('--path <path>', 'the path that a failure printed; begins with its history')
  .showHelpAfterError()
  .parse();
const { seed, path } = command.opts<Options>();
const [count] = command.processedArgs;

const { status } = spawnSync(
  'vitest',
  ['run', '--project', 'db', 'test/histories.db.test.ts', '-t', 'leave the tables'],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      HISTORIES: String(count),
      ...(seed !== undefined && { HISTORIES_SEED: seed }),
      ...(path !== undefined && { HISTORIES_PATH: path }),
    },
  },
);
process.exitCode = status ?? 1;

function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('must be a whole number');
  return Number(text);
}
