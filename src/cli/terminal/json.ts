import type { Command } from 'commander';
import { Option } from 'commander';

/** `json`: an array of objects. `jsonl`: one object a line. Null = for people. */
export type JsonForm = 'json' | 'jsonl' | null;

export type JsonOptions = { json?: boolean; jsonl?: boolean };

/** Writes a line; a promise while the reader is slower. */
type Print = (line: string) => unknown;

/** Adds `--json` and `--jsonl` to a verb whose results are rows. */
export function addJsonOptions(command: Command): Command {
  return command
    .addOption(new Option('--json', 'for programs: an array of objects').conflicts('jsonl'))
    .addOption(new Option('--jsonl', 'for programs: one object a line'));
}

/** The form that the options ask for. */
export function jsonForm({ json = false, jsonl = false }: JsonOptions): JsonForm {
  if (jsonl) return 'jsonl';
  return json ? 'json' : null;
}

/** Prints rows as they come, so that memory does not grow with their number. Times are in ISO 8601, in UTC. */
export async function printJson(
  rows: Iterable<object> | AsyncIterable<object>,
  form: 'json' | 'jsonl',
  print: Print,
): Promise<void> {
  if (form === 'jsonl') {
    for await (const row of rows) await print(JSON.stringify(row));
    return;
  }
  let waiting: string | null = null;
  for await (const row of rows) {
    await print(waiting === null ? '[' : `${waiting},`);
    waiting = JSON.stringify(row);
  }
  await print(waiting === null ? '[]' : `${waiting}\n]`);
}
