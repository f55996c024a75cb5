import { inject } from 'vitest';
import { temporaryName, withAdmin } from './admin.ts';

type Hooks = { onCleanup: (cleanup: () => Promise<void>) => void };

/** The fixture `role` for `test.extend`: a role of the test's own, because roles belong to the whole server. */
export async function roleFixture({ task: _ }: { task: unknown }, { onCleanup }: Hooks): Promise<string> {
  const { url } = inject('postgres');
  const role = temporaryName('test');
  await withAdmin(url, (admin) => admin.query(`create role ${role}`));
  onCleanup(() => withAdmin(url, async (admin) => void (await admin.query(`drop role if exists ${role}`))));
  return role;
}
