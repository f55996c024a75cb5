// Stores the documents the obvious way: a Prisma upsert for every case and every event.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { openDatabase } from '../../../src/store/postgres/pool.ts';

const event = z
  .object({ id: z.number(), event: z.string(), case_status: z.string(), created_at: z.string() })
  .catchall(z.json());
const listed = z.array(
  z
    .object({ id: z.string(), created_at: z.string(), updated_at: z.string(), events: z.array(event) })
    .catchall(z.json()),
);

const [path = '', accountId = ''] = process.argv.slice(2);
const cases = listed.parse(JSON.parse(await readFile(path, 'utf8')));
const database = openDatabase(process.env.DATABASE_URL ?? '');
const runId = crypto.randomUUID();
const begun = performance.now();
for (const one of cases) await upsert(one);
const ms = performance.now() - begun;
await database.close();
process.stdout.write(JSON.stringify({ ms, cases: cases.length }));

async function upsert({ id, created_at, updated_at, events, ...rest }: z.infer<typeof listed>[number]): Promise<void> {
  const now = new Date();
  const last = events.at(-1);
  const current = {
    createdAt: new Date(created_at),
    updatedAt: new Date(updated_at),
    status: last?.case_status ?? null,
    statusSince: last === undefined ? null : new Date(last.created_at),
    changedAt: now,
    paymentOptions: rest,
  };
  await database.case.upsert({
    where: { accountId_id: { accountId, id } },
    create: { accountId, id, firstSeenAt: now, fingerprint: new Uint8Array(32), ...current },
    update: current,
  });
  for (const { id: eventId, ...body } of events) {
    const said = {
      event: body.event,
      status: body.case_status,
      occurredAt: new Date(body.created_at),
      // The obvious schema stores the body with the event.
      contractUrl: JSON.stringify(body),
    };
    const key = { accountId, caseId: id, id: eventId, revision: 1 };
    await database.eventRevision.upsert({
      where: { accountId_caseId_id_revision: key },
      create: { ...key, bodiesRevision: 1, place: 0, recordedAt: now, runId, ...said },
      update: said,
    });
  }
}
