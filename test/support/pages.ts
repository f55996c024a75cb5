import pino from 'pino';
import type { PagesOptions } from '../../src/pages/parts.ts';
import { addPages } from '../../src/pages/server.ts';
import { PAGE_POOL } from '../../src/pages/viewer.ts';
import { openDatabase } from '../../src/store/postgres/pool.ts';
import { startTestServer } from './worker-server.ts';

/** `waitMs`: until a page must have a connection; longer than in the program, so that no test depends on speed. */
type Place = { host?: string; waitMs?: number };

/** Markup as a person reads it, on one line and without the choices of lists. */
export function textOf(body: string): string {
  return body
    .replace(/<select.*?<\/select>/gs, '')
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ');
}

/** A worker's server with its pages on a database. Wrong tokens are answered at once, unless a test says otherwise. */
export async function startPages(url: string, options: Partial<PagesOptions> & Place = {}) {
  const { host = '127.0.0.1', waitMs = 60_000, ...parts } = options;
  const database = openDatabase(url, { ...PAGE_POOL, waitMs });
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) });
  const server = await startTestServer({
    host,
    addPages: (app) =>
      addPages(app, { database, timezone: 'Europe/Oslo', viewers: [], log, wrongTokenDelayMs: 0, ...parts }),
  });
  const close = async () => {
    await server.close();
    await database.close();
  };
  return { ...server, log: () => lines.join(''), close, [Symbol.asyncDispose]: close };
}
