import type { TestProject } from 'vitest/node';
import { migrate } from '../../src/store/migrate/migrate.ts';
import { dropOldNames, temporaryName, urlOf, withAdmin } from './admin.ts';
import { startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The tests' server, by the URL of a database for commands, and the migrated template of the tests' databases. */
    postgres: { url: string; template: string; origin: string; version: string };
  }
}

/** Runs once, and only if a test file that needs Postgres was asked for. */
export async function setup({ provide, vitest }: TestProject): Promise<() => Promise<void>> {
  const log = (line: string) => vitest.logger.log(line);
  const { url, origin, stop } = await startPostgres(log);
  try {
    const template = temporaryName('template');
    const version = await withAdmin(url, async (admin) => {
      const { rows } = await admin.query<{ version: string }>(`select current_setting('server_version') as version`);
      const version = rows[0]?.version ?? 'unknown';
      log(`tests' Postgres: ${origin}, version ${version}`);
      await dropOldNames(admin);
      await admin.query(`create database ${template}`);
      await migrate(urlOf(url, template));
      // A database with connections cannot be copied.
      await admin.query(`alter database ${template} allow_connections false`);
      return version;
    });
    provide('postgres', { url, template, origin, version });
    return async () => {
      await withAdmin(url, (admin) => admin.query(`drop database ${template} with (force)`));
      await stop();
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
