import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { type IPty, spawn } from '@lydell/node-pty';
import { onTestFinished } from 'vitest';
import { compileCache } from './cli.ts';

const root = join(import.meta.dirname, '../..');

type Surroundings = { cwd: string; env?: Record<string, string>; columns?: number };

/** Starts the program in a pseudo-terminal, as a person does. */
export function startPtyCli(args: string[], { cwd, env = {}, columns = 80 }: Surroundings) {
  const surroundings = { PATH: process.env.PATH ?? '', HOME: cwd, NODE_COMPILE_CACHE: compileCache, TERM: 'xterm' };
  const terminal: IPty = spawn(process.execPath, [join(root, 'src/cdd-sync.js'), ...args], {
    cwd,
    cols: columns,
    rows: 40,
    env: { ...surroundings, ...env },
  });
  let raw = '';
  let seen = 0;
  let onData = (): void => {};
  terminal.onData((data) => {
    raw += data;
    onData();
  });
  const exit = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
  onTestFinished(() => terminal.kill('SIGKILL'));
  // Lines break anywhere on a narrow terminal.
  const words = (text: string) => stripVTControlCharacters(text).replaceAll(/\s+/g, '');
  return {
    /** Everything that was written, escape sequences too. */
    raw: () => raw,
    /** Waits until this stands in the output that earlier calls have not passed. */
    async waitFor(text: string): Promise<void> {
      const wanted = words(text);
      for (;;) {
        const place = words(raw).indexOf(wanted, seen);
        if (place !== -1) {
          seen = place + wanted.length;
          return;
        }
        const ended = await Promise.race([
          exit.then(() => true),
          new Promise<false>((resolve) => {
            onData = () => resolve(false);
          }),
        ]);
        if (ended && !words(raw).includes(wanted, seen)) throw new Error(`ended without "${text}":\n${raw}`);
      }
    },
    type: (text: string) => terminal.write(text),
    exit,
  };
}
