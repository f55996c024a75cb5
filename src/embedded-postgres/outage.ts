import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Explains why the embedded Postgres of `home` cannot be used, with advice. `code` is that of the error. Null if its
 * folder is there and the server has not ended: then the error says more.
 */
export function explainEmbeddedOutage(home: string, code: string | null): string | null {
  const folder = join(resolve(home), 'postgres');
  if (!existsSync(join(folder, 'data', 'PG_VERSION'))) {
    return (
      `the folder of the embedded Postgres is gone: ${folder}. Stop cdd-sync, put the folder back if you can, ` +
      'and start cdd-sync again; without the folder it begins with an empty database.'
    );
  }
  if (code !== 'ECONNREFUSED') return null;
  return (
    `the embedded Postgres in ${folder} has ended; ${folder}.log may say why. Stop cdd-sync and start it again: ` +
    'that starts the server too, and the data is kept.'
  );
}
