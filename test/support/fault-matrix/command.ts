// Plays the cells of the fault matrix: npm run test:faults -- --singles, or npm run test:faults -- "cases: 503"
import { spawnSync } from 'node:child_process';
import { Command } from 'commander';

const command = new Command('npm run test:faults --')
  .description('Plays every fault of the API at every request, and every two of them (three hours or more).')
  .argument('[text]', 'only cells with this text in their title', '')
  .option('--singles', 'only one fault a cell (some minutes)')
  .showHelpAfterError()
  .parse();
const [text = ''] = command.processedArgs;
const { singles = false } = command.opts<{ singles?: boolean }>();

const { status } = spawnSync(
  'vitest',
  ['run', '--project', 'db', 'test/fault-matrix.db.test.ts', '-t', 'ends as the rules say'],
  { stdio: 'inherit', env: { ...process.env, FAULT_CELLS: singles ? 'singles' : 'all', FAULT_TITLE: text } },
);
process.exitCode = status ?? 1;
