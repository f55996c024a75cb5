import { inject, onTestFinished } from 'vitest';
import { createEmptyDatabase } from '../database.ts';

/** An empty database that is dropped after the test; returns its connection string. */
export async function createDroppedDatabase(options?: string): Promise<string> {
  const created = await createEmptyDatabase(inject('postgres').url, options);
  onTestFinished(created.drop);
  return created.url;
}
