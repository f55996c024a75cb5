import { describe, expect } from 'vitest';
import { packedCases } from '../../../src/store/cases/queries.ts';
import { CaseIndex } from '../../../src/sync/case-index.ts';
import { test } from '../../support/database.ts';
import { addAccounts } from '../../support/other-accounts.ts';

describe('the cases of an account', () => {
  // 2,000 are one page and 20,000 one fetch; another account has cases too.
  test.for([0, 1, 2000, 20_000, 20_001])('are each given once: %i cases', async (cases, { db: { database } }) => {
    await addAccounts(database, [cases, 10]);
    const index = new CaseIndex();
    await packedCases(database, 'P11111111', (page) => index.load(page));
    expect(index.presentBefore).toBe(cases);
    const own = await database.case.findMany({ where: { accountId: 'P11111111' }, select: { id: true } });
    expect(new Set(own.map(({ id }) => index.withId(id)))).toEqual(
      new Set(Array.from({ length: cases }, (_, at) => at)),
    );
  });
});
