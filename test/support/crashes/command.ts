// Disturbs workers at every statement: npm run test:crashes. See docs/development.md.
import { Command, InvalidArgumentError, Option } from 'commander';
import pLimit from 'p-limit';
import { DISTURBANCES, type Disturbance } from './disturbances.ts';
import { type Recorded, record } from './machine.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { startOwnServer } from './server.ts';
import { nameOf } from './statements.ts';
import { play, type Trial } from './trial.ts';

type Options = { scenario?: string; disturbance?: Disturbance; statement?: number; parallel: number; list?: boolean };

const command = new Command('npm run test:crashes --')
  .description(
    'Kills, stops and cuts off workers and Postgres at every statement, and compares the end with that of an undisturbed run.',
  )
  .addOption(new Option('--scenario <name>', 'only this one').choices(Object.keys(SCENARIOS)))
  .addOption(new Option('--disturbance <name>', 'only this one').choices([...DISTURBANCES]))
  .option('--statement <number>', 'only at this statement, before and after it', wholeNumber)
  .option('--parallel <number>', 'trials at the same time', wholeNumber, 4)
  .option('--list', 'print the statements, and disturb nothing')
  .showHelpAfterError()
  .parse();
const options = command.opts<Options>();

await using server = await startOwnServer();
let failures = 0;
let trials = 0;
for (const [name, scenario] of Object.entries<Scenario>(SCENARIOS)) {
  if (options.scenario !== undefined && options.scenario !== name) continue;
  await using recorded = await record(server.url, scenario);
  print(`${name}: ${recorded.statements.length} statements, exit code ${recorded.exitCode}`);
  for (const [index, statement] of recorded.statements.entries()) {
    if (options.list) print(`  ${index + 1} ${nameOf(statement)}`);
  }
  for (const disturbance of options.list ? [] : (scenario.disturbances ?? ['kill']))
    await playAll(name, recorded, disturbance);
}
print(`${trials} trials, ${failures} failed`);
// Options that fit no trial prove nothing.
process.exitCode = failures === 0 && (trials > 0 || options.list) ? 0 : 1;

async function playAll(scenario: string, recorded: Recorded, disturbance: Disturbance): Promise<void> {
  if (options.disturbance !== undefined && options.disturbance !== disturbance) return;
  // A killed server ends all trials on it.
  const limit = pLimit(disturbance === 'postgres' ? 1 : options.parallel);
  const all = recorded.statements.flatMap((statement, index) =>
    options.statement !== undefined && options.statement !== index + 1
      ? []
      : (['before', 'answered'] as const).map((moment) => ({ statement, moment, disturbance, number: index + 1 })),
  );
  await limit.map(all, (trial) => playOne(scenario, recorded, trial));
}

async function playOne(scenario: string, recorded: Recorded, trial: Trial & { number: number }): Promise<void> {
  const begin = performance.now();
  const found = await play(recorded, trial, server).catch((error: unknown) => [
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  ]);
  trials += 1;
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  const { number, moment, disturbance, statement } = trial;
  print(
    `${found.length === 0 ? 'ok  ' : 'FAIL'} ${scenario}, ${disturbance} ${moment} ${number}, ${seconds} s: ${nameOf(statement)}`,
  );
  if (found.length === 0) return;
  failures += 1;
  for (const line of found) print(`     ${line}`);
  print(
    `     again: npm run test:crashes -- --scenario '${scenario}' --disturbance '${disturbance}' --statement ${number}`,
  );
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('must be a whole number');
  return Number(text);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
