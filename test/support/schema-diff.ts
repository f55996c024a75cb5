import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { SchemaEngine } from '../../src/store/schema-engine.ts';

/** What would have to be run for the database to be what schema.prisma says; null = nothing. */
export async function schemaDiff(url: string): Promise<string | null> {
  const path = join(import.meta.dirname, '../../prisma/schema.prisma');
  const schema = { path, content: await readFile(path, 'utf8') };
  const driver = new PrismaPg({ connectionString: url });
  const connect = async () => readingChars(await driver.connect());
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
  return exitCode === 0 ? null : stdout;
}

/**
 * The engine asks the catalog for columns of type "char" (how a foreign key cascades, for example), which this driver
 * refuses to read. They come as text, and the engine is told what they are.
 */
function readingChars(adapter: Awaited<ReturnType<PrismaPg['connect']>>): typeof adapter {
  const pool = adapter.underlyingDriver();
  const isChar = ({ dataTypeID }: pg.FieldDef) => dataTypeID === 18;
  return Object.assign(adapter, {
    async queryRaw({ sql, args }: { sql: string; args: unknown[] }) {
      const { fields, rows } = await pool.query({ text: sql, values: args, rowMode: 'array' });
      return { columnNames: [], columnTypes: [], rows };
    },
  });
}
