// Tries BI tools against the reports: npm run test:bi-tools -- dbt
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { tryDbt } from './try-dbt.ts';
import { trySuperset } from './try-superset.ts';
import { createWorld } from './world.ts';

const tools = { dbt: tryDbt, superset: trySuperset };

const command = new Command('npm run test:bi-tools --')
  .description('Installs BI tools from PyPI and uses them on a database with a history, as readers.')
  .argument('[names...]', `tools: ${Object.keys(tools).join(', ')}; all if none is named`)
  .showHelpAfterError()
  .parse();

const unknown = command.args.filter((name) => !(name in tools));
if (unknown.length > 0) command.error(`There is no tool "${unknown.join('", "')}".`);
const chosen = Object.entries(tools).filter(([name]) => command.args.length === 0 || command.args.includes(name));

const say = (line: string) => void process.stdout.write(`${line}\n`);
const world = await createWorld(say).catch((error: Error) => command.error(`no database to try: ${error.message}`));
const home = await mkdtemp(join(tmpdir(), 'cdd-sync-bi-tools-'));
try {
  for (const [name, work] of chosen) {
    const startedAt = performance.now();
    try {
      for (const line of await work(world, home)) say(line);
      say(`${name}: passed, ${Math.round((performance.now() - startedAt) / 1000)} s`);
    } catch (error) {
      say(`${name}: failed. ${error instanceof Error ? error.message : error}`);
      process.exitCode = 1;
    }
  }
} finally {
  await world.close();
  await rm(home, { recursive: true, force: true });
}
