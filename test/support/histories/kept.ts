// Histories that found a mistake once. They are played first, and a new one is kept when it is found.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Step } from './history.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/histories');

/** A kept history; `found` says what it found. */
type Kept = { found: string; steps: Step[] };

/** The kept histories by name. */
export function keptHistories(): Map<string, Kept> {
  const files = globSync('*.json', { cwd: FOLDER }).toSorted();
  return new Map(files.map((file) => [basename(file, '.json'), JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))]));
}

/** Keeps a history in a file with one step a line; returns its path. */
export function keepHistory({ found, steps }: Kept, seed: number): string {
  const path = join(FOLDER, `found-${Math.abs(seed)}.json`);
  const lines = steps.map((step) => `    ${JSON.stringify(step)}`).join(',\n');
  writeFileSync(path, `{\n  "found": ${JSON.stringify(found)},\n  "steps": [\n${lines}\n  ]\n}\n`);
  return path;
}
