// A lower bound for storing the documents: COPY into one table of one jsonb column.
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from } from 'pg-copy-streams';

const [path = ''] = process.argv.slice(2);
const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
await client.query('create table documents (body jsonb not null)');
const begun = performance.now();
await pipeline(
  createReadStream(path, { highWaterMark: 1024 * 1024 }),
  client.query(from('copy documents (body) from stdin')),
);
const ms = performance.now() - begun;
await client.end();
process.stdout.write(JSON.stringify({ ms }));
