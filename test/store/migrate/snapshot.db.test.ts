import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { test } from '../../support/database.ts';
import { schemaSnapshot } from '../../support/schema-snapshot.ts';

test('prisma/schema.snapshot.sql is what a migrated database has; npm run db:snapshot writes it', async ({ db }) => {
  const written = await readFile(join(import.meta.dirname, '../../../prisma/schema.snapshot.sql'), 'utf8');
  expect(await schemaSnapshot(db.url)).toBe(written);
});
