import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explainEmbeddedOutage } from '../../src/embedded-postgres/outage.ts';
import { temporaryFolder } from '../support/cli.ts';

async function createFolder() {
  const home = await temporaryFolder();
  const data = join(home, 'postgres', 'data');
  await mkdir(data, { recursive: true });
  await writeFile(join(data, 'PG_VERSION'), '18\n');
  return { home, folder: join(home, 'postgres') };
}

describe('an embedded Postgres that cannot be used', () => {
  it('because its folder is gone is explained with the folder, and with the step that helps', async () => {
    const { home, folder } = await createFolder();
    await rename(folder, `${folder}-elsewhere`);
    const text = explainEmbeddedOutage(home, '58P01');
    expect(text).toContain(`is gone: ${folder}.`);
    expect(text).toContain('start cdd-sync again');
  });

  it('because it has ended is explained with the folder, the log and the step that helps', async () => {
    const { home, folder } = await createFolder();
    const text = explainEmbeddedOutage(home, 'ECONNREFUSED');
    expect(text).toContain(`in ${folder} has ended; ${folder}.log may say why`);
    expect(text).toContain('the data is kept');
  });

  it('although it answers and its folder is there is not explained: the error says more', async () => {
    const { home } = await createFolder();
    expect(explainEmbeddedOutage(home, '53100')).toBeNull();
  });
});
