import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const script = join(import.meta.dirname, '../../../prisma/scripts/new-migration.ts');

test('npm run db:new without one short name in small letters says how it is used', async () => {
  for (const names of [[], ['two', 'words'], ['Capitals'], ['../outside'], ['a'.repeat(300)]]) {
    const failure = await promisify(execFile)(process.execPath, [script, ...names]).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^usage: npm run db:new NAME/),
    });
  }
});
