// The history of one account, given as the lists that its runs read.
import type { JsonObject } from '../../../src/sandbox/json.ts';
import type { Database } from '../../../src/store/postgres/pool.ts';
import { type CaseDocument, readCaseDocument } from '../reference/case-document.ts';
import { ACCOUNT, createRig } from '../rig.ts';
import { databaseClock } from './backdate.ts';
import { caseKey, readMissingSince } from './database-facts.ts';
import { enableAccounts } from './random-history.ts';
import { createReader } from './read-transaction.ts';
import type { Snapshot, SyncHistory } from './sync-history.ts';

const REPORTED = { id: ACCOUNT, label: null, schedule: '* * * * *' };

/** Makes a list item; its id is made of the number. */
export function item(number: number, fields: JsonObject): JsonObject {
  return { id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`, ...fields };
}

/** Runs one sync for each list. */
export async function syncLists(
  { url, database }: { url: string; database: Database },
  lists: readonly (readonly JsonObject[])[],
  afterRun: (synced: SyncHistory) => Promise<void> = async () => {},
): Promise<SyncHistory> {
  const rig = await createRig(database, { sandbox: { casesPerAccount: 0 } });
  const reader = createReader(url);
  rig.onClose(reader.close);
  const documents = new Map<string, CaseDocument>();
  const snapshots: Snapshot[] = [];
  const read = async (list: readonly JsonObject[]): Promise<SyncHistory> => {
    rig.sandbox.world.serve(ACCOUNT, JSON.stringify(list));
    const { state } = await rig.sync();
    if (state !== 'succeeded') throw new Error(`the run is ${state}`);
    await enableAccounts(database, [REPORTED]);
    for (const each of list.map((one) => readCaseDocument(ACCOUNT, one))) documents.set(caseKey(each), each);
    const missingSince = await reader.read(readMissingSince);
    const last = { knownAt: await databaseClock(url), documents: new Map(documents), missingSince };
    snapshots.push(last);
    const synced = { accounts: [REPORTED], snapshots: [...snapshots], last, unreadable: [], rig, reader };
    await afterRun(synced);
    return synced;
  };
  let synced: SyncHistory | null = null;
  for (const list of lists) synced = await read(list);
  if (synced === null) throw new Error('there is no list');
  return synced;
}
