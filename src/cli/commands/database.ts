import type { Command } from 'commander';
import type { GrantOptions } from '../grant-reader.ts';
import { type ProcessContext, readLookSettings, readSettingsAndLog } from '../process-context.ts';
import { styleOf } from '../terminal/style.ts';
import { addHelp } from './help.ts';
import { collect } from './options.ts';

/** Adds the commands that change a database's schema and rights. */
export function addDatabaseCommands(program: Command, context: ProcessContext): void {
  addMigrate(program, context);
  addGrantReader(program, context);
}

function addMigrate(program: Command, context: ProcessContext): void {
  const migrate = program
    .command('migrate')
    .description('bring the database to the newest schema')
    .action(async () => {
      const { settings, log } = await readSettingsAndLog(context);
      const { runMigrate } = await import('../migrate.ts');
      await runMigrate(settings, { log, print: context.print, style: styleOf(context) });
    });
  addHelp(migrate, {
    examples: [['after installing a newer version; start and sync do it too', 'migrate']],
    exits: { 1: 'the database refused it, or cannot be reached' },
  });
}

function addGrantReader(program: Command, context: ProcessContext): void {
  const grantReader = program
    .command('grant-reader')
    .description('set which accounts a database role sees in schema reporting')
    .requiredOption('--role <name>', 'the role, which must exist')
    .option('--account <id>', 'an account that it sees, and no others; may be repeated', collect)
    .option('--all', 'it sees every account, later ones too')
    .option('--none', 'it sees no account any more')
    .option('--without-names', 'it sees no names and organization numbers: those of sole traders are personal data')
    .option('--no-settings', 'leave the time zone, limits and other settings of its sessions as they are')
    .action(async (options: GrantOptions) => {
      const { settings, log } = await readLookSettings(context);
      const { runGrantReader } = await import('../grant-reader.ts');
      await runGrantReader(settings, options, { log, print: context.print, style: styleOf(context) });
    });
  addHelp(grantReader, {
    examples: [
      ['dashboards see every account', 'grant-reader --role bi --all'],
      ['one account, and no names', 'grant-reader --role bi --account P12345678 --without-names'],
    ],
    exits: { 1: 'the database refused it, or cannot be reached' },
  });
}
