// Runs the database tests in other surroundings: npm run test:surroundings -- odd-formats pgbouncer
import { Command } from 'commander';
import { textTable } from '../text-table.ts';
import { type Surroundings, surroundings } from './list.ts';
import { type Outcome, runTests } from './run-tests.ts';

const command = new Command('npm run test:surroundings --')
  .description('Runs the database tests on servers that differ from the usual one, one after the other.')
  .argument('[names...]', 'surroundings; all if none is named')
  .option('--files <filters...>', 'only these test files, as for vitest')
  .addHelpText('after', `\nSurroundings:\n${textTable(surroundings.map(({ name, about }) => ({ name, about })))}`)
  .showHelpAfterError()
  .parse();

const names = command.args;
const { files = [] } = command.opts<{ files?: string[] }>();
const chosen = names.length === 0 ? surroundings : names.map(find);

const say = (text: string) => void process.stdout.write(`${text}\n`);
say(textTable(chosen.map(({ name, about }) => ({ name, about }))));
for (const { files: left, reason } of new Set(chosen.flatMap(({ excluded }) => excluded)))
  say(`left out: ${left}: ${reason}`);
const outcomes: Outcome[] = [];
for (const each of chosen) {
  say(`\n${each.name}: ${each.about}`);
  try {
    outcomes.push(await runTests(each, files));
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    outcomes.push({ surroundings: each.name, passed: 0, failed: 'all: did not start', seconds: 0 });
  }
}
say(textTable(outcomes));
if (outcomes.some(({ passed, failed }) => passed === 0 || failed !== 0)) process.exitCode = 1;

function find(name: string): Surroundings {
  const found = surroundings.find((each) => each.name === name);
  return found ?? command.error(`There are no surroundings "${name}".`);
}
