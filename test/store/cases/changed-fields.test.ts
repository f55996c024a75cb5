import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { changedFieldsText } from '../../../prisma/scripts/changed-fields.ts';

test('the definition of cdd.changed_fields is current; `npm run db:changed-fields` updates it', async () => {
  const committed = await readFile(
    new URL('../../../prisma/definitions/cdd/changed_fields.sql', import.meta.url),
    'utf8',
  );
  expect(committed).toBe(changedFieldsText());
});
