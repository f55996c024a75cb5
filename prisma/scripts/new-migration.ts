// npm run db:new NAME: makes an empty migration, dated now.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const RULES = `Write tables, constraints, indexes, rows, and comments on them. Not in a migration:
- create view, function or trigger: that is a file of prisma/definitions. A migration may drop one; when its file is still
  there, it is made again afterwards.
- commit, create index concurrently, vacuum: all pending migrations are one transaction.
- names without their schema.
Then change prisma/schema.prisma to match, and run npm run generate. A migration that was released is never changed.
`;

const [name = '', ...rest] = process.argv.slice(2);
// File systems allow 255 bytes for a directory.
if (!/^[a-z][a-z0-9_]{0,99}$/.test(name) || rest.length > 0) {
  process.stderr.write('usage: npm run db:new NAME, with a name such as case_notes (a-z, 0-9, _)\n');
  process.exit(2);
}
const date = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
const directory = join(import.meta.dirname, '../migrations', `${date}_${name}`);
await mkdir(directory);
await writeFile(join(directory, 'migration.sql'), '');
process.stdout.write(`prisma/migrations/${date}_${name}/migration.sql\n\n${RULES}`);
