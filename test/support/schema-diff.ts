import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlQuery,
} from '@prisma/driver-adapter-utils';
import { SchemaEngine } from '../../src/store/migrate/schema-engine.ts';
import { poolOptions } from '../../src/store/postgres/session.ts';

/** The SQL that would make the database match schema.prisma; null = it matches. */
export async function schemaDiff(url: string): Promise<string | null> {
  const path = join(import.meta.dirname, '../../prisma/schema.prisma');
  const schema = { path, content: await readFile(path, 'utf8') };
  const driver = new PrismaPg(poolOptions(url, { connections: 1, applicationName: 'cdd-sync test' }));
  const database = await driver.connect();
  const connect = async () => readingChars(database);
  const { provider, adapterName } = driver;
  const factory = { provider, adapterName, connect, connectToShadowDb: () => driver.connectToShadowDb() } as const;
  const options = { datamodels: [[path, schema.content] satisfies [string, string]] };
  const engine = await SchemaEngine.new(options, () => {}, bindMigrationAwareSqlAdapterFactory(factory));
  const { stdout, exitCode } = await engine.diff({
    from: { tag: 'schemaDatasource', files: [schema], configDir: '' },
    to: { tag: 'schemaDatamodel', files: [schema] },
    script: true,
    exitCode: true,
    filters: { externalTables: [], externalEnums: [] },
  });
  engine.free();
  await database.dispose();
  return exitCode === 0 ? null : stdout;
}

/**
 * The engine reads catalog columns of type "char" (for example the action of a foreign key on delete), which this driver
 * cannot. So this adapter reads them as text and reports the type that the engine expects.
 */
function readingChars(adapter: SqlDriverAdapter): SqlDriverAdapter {
  const read = adapter.queryRaw.bind(adapter);
  const queryRaw = async (query: SqlQuery) => {
    const chars = /\b(constr\.contype(?= AS)|con\.conf(?:del|upd)type(?=,))/g;
    const result = await read({ ...query, sql: query.sql.replace(chars, '$1::text') });
    const isChar = (name: string | undefined) => /^(constraint_type|conf(del|upd)type)$/.test(name ?? '');
    const columnTypes = result.columnTypes.map((type, i) =>
      isChar(result.columnNames[i]) ? ColumnTypeEnum.Character : type,
    );
    return { ...result, columnTypes };
  };
  return Object.assign(adapter, { queryRaw });
}
