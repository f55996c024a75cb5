import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withoutPassword } from '../../../src/cli/init/database.ts';
import { commandOf, nextSteps } from '../../../src/cli/init/next-steps.ts';

const root = join(import.meta.dirname, '../../..');
const nodePath = '/usr/bin/node';

test('the next command is one that works where init ran', () => {
  expect(commandOf({ cwd: root, script: join(root, 'src/cdd-sync.js'), nodePath })).toBe('npm run -s cdd-sync --');
  expect(nextSteps({ cwd: root, script: '', nodePath })[1]).toBe('  npm start');
  expect(commandOf({ cwd: '/etc/cdd-sync', script: '/usr/local/bin/cdd-sync', nodePath })).toBe('cdd-sync');
  expect(commandOf({ cwd: '/empty', script: "/my apps/it's/cdd-sync.js", nodePath })).toBe(
    `/usr/bin/node '/my apps/it'\\''s/cdd-sync.js'`,
  );
});

test('an address is shown without its password, also while it is typed', () => {
  const address = 'postgres://cdd:s3cret@db:5432/cdd';
  const shown = [...address].map((_, index) => withoutPassword(address.slice(0, index + 1)));
  expect(shown.at(-1)).toBe('postgres://cdd:******@db:5432/cdd');
  expect(shown.filter((text) => text.includes('cdd:s'))).toEqual([]);
  expect(withoutPassword('postgres://cdd:p#w/x@y@db:5432/cdd')).toBe('postgres://cdd:*******@db:5432/cdd');
  expect(withoutPassword('postgres://db:5432/cdd')).toBe('postgres://db:5432/cdd');
});
