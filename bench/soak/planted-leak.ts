// Loaded into the worker before its own program: a leak that the judgement must find. --plant of bench:soak names it.
import pg from 'pg';

const connectionString = process.env.DATABASE_URL;
const kept: unknown[] = [];

const leaks: Record<string, { everyMs: number; leak: () => void }> = {
  // About 10 KB a run.
  memory: { everyMs: 500, leak: () => kept.push(Array.from({ length: 1250 }, (_, index) => index + 0.5)) },
  connections: {
    everyMs: 20_000,
    leak() {
      const client = new pg.Client({ connectionString, application_name: 'cdd-sync leak' });
      client.connect().catch((error) => process.stderr.write(`${error}\n`));
      kept.push(client);
    },
  },
  // Jobs that nothing ends.
  queue: {
    everyMs: 10_000,
    leak() {
      const client = new pg.Client({ connectionString });
      const insert = `insert into pgboss.job (name) values ('sync-dead-letter')`;
      client
        .connect()
        .then(() => client.query(insert))
        .then(() => client.end())
        .catch((error) => process.stderr.write(`${error}\n`));
    },
  },
};

const planted = leaks[process.env.PLANTED_LEAK ?? ''];
if (planted !== undefined) setInterval(planted.leak, planted.everyMs).unref();
