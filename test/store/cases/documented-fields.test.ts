import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { documentedFieldsText } from '../../../prisma/scripts/documented-fields.ts';

test('the definition of cdd.documented_fields is current; `npm run db:documented-fields` updates it', async () => {
  const committed = await readFile(
    new URL('../../../prisma/definitions/cdd/documented_fields.sql', import.meta.url),
    'utf8',
  );
  expect(committed).toBe(documentedFieldsText());
});
