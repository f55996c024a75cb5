import { expect, onTestFinished, test } from 'vitest';
import { plainView } from '../../../src/cli/demo/plain-view.ts';
import { News, showRun } from '../../../src/cli/demo/runs.ts';
import { explainOutages } from '../../../src/database-server.ts';
import { DatabaseError } from '../../../src/store/postgres/errors.ts';
import { openDatabase } from '../../../src/store/postgres/pool.ts';
import { recordingLog } from '../../support/log-lines.ts';
import { runRow } from '../../support/run-row.ts';

const NOWHERE = 'postgresql://nobody:secret@127.0.0.1:1/none';

function unreachableDatabase() {
  const database = openDatabase(NOWHERE);
  onTestFinished(() => database.close());
  return database;
}

test('a run that Postgres is away for is left to its watch, and the log has no second line about the outage', async () => {
  const database = unreachableDatabase();
  const heard: string[] = [];
  database.listenToErrors((error) => heard.push(error.code));
  const { log, lines, texts } = recordingLog();
  const shown: string[] = [];
  const view = plainView((line) => shown.push(line));
  await showRun(runRow({ cases_updated: 1 }), { database, view, news: new News(), log });
  expect(heard).toEqual(['DATABASE']);
  expect(shown).toEqual([]);
  expect(texts()).toEqual([]);
  expect(lines).toMatchObject([{ msg: 'a run was not shown' }]);
});

test('an outage that ends a command has the advice of the embedded Postgres instead of one about DATABASE_URL', async () => {
  const database = unreachableDatabase();
  const work = () => database.$queryRaw`select 1`;
  const explainOutage = (code: string | null) => (code === 'ECONNREFUSED' ? 'start it again' : null);
  const error: unknown = await explainOutages({ explainOutage }, work).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DatabaseError);
  expect(error).toMatchObject({ message: 'start it again', sqlState: 'ECONNREFUSED', retryable: true });
  await expect(explainOutages({ explainOutage: () => null }, work)).rejects.toThrow('DATABASE_URL');
});
