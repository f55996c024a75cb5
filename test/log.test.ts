import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type pino from 'pino';
import { describe, expect, it } from 'vitest';
import { createLog, lostLogLines } from '../src/log.ts';
import { systemErrorCode } from '../src/model/system-error.ts';
import { temporaryFolder } from './support/cli.ts';
import { HOSTILE_TEXTS, isSafeToShow } from './support/hostile-text.ts';
import { recordingLog } from './support/log-lines.ts';

describe('an error in the log', () => {
  it('shows name, code, message and causes, and no field in which libraries keep secrets', () => {
    const cause = Object.assign(new Error('inner'), { config: { headers: { Authorization: 'Bearer sesame' } } });
    const error = Object.assign(new Error('outer', { cause }), { code: 'E_OUTER', request: { token: 'sesame' } });
    const { log, lines } = recordingLog();
    log.error({ err: error }, 'failed');
    const [line] = lines;
    expect(line).toMatchObject({ err: { code: 'E_OUTER', message: 'outer', cause: { message: 'inner' } } });
    expect(JSON.stringify(line)).not.toContain('sesame');
  });
});

/** What the program's own log writes: on a terminal, or as JSON lines. */
async function written(terminal: boolean, write: (log: pino.Logger) => void, colors = terminal): Promise<string> {
  const path = join(await temporaryFolder(), 'log');
  const fd = openSync(path, 'w');
  write(createLog({ level: 'info', terminal, colors, fd }));
  closeSync(fd);
  return readFileSync(path, 'utf8');
}

it('on a terminal has colors only if they are wanted', async () => {
  const write = (log: pino.Logger) => log.info({ account: 'P12345678' }, 'synced');
  expect(await written(true, write, true)).toContain('\u001b[32mINFO');
  expect(await written(true, write, false)).toMatch(/^\[[\d:]+\] INFO: synced\n {4}account: "P12345678"\n$/);
});

describe('text from outside in the log', () => {
  const logHostile = (text: string) => (log: pino.Logger) => {
    log.warn({ label: text, list: [text], err: new Error(text) }, text);
  };
  // The colours are pino-pretty's own.
  const withoutColours = (text: string) =>
    ['33', '35', '36', '39'].reduce((rest, code) => rest.replaceAll(`\u001b[${code}m`, ''), text);

  it.each(Object.entries(HOSTILE_TEXTS))('cannot show %s on a terminal', async (_name, text) => {
    const output = withoutColours(await written(true, logHostile(text)));
    expect(isSafeToShow(output)).toBe(true);
    expect(output.split('\n').filter((line) => /^\S/.test(line))).toHaveLength(1);
  });

  it.each(Object.entries(HOSTILE_TEXTS))('is exact in JSON lines that cannot show %s', async (_name, text) => {
    const output = await written(false, logHostile(text));
    expect(isSafeToShow(output)).toBe(true);
    expect(output.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(output)).toMatchObject({ label: text, list: [text], msg: text, err: { message: text } });
  });
});

describe('a log that cannot be written', () => {
  it.each([false, true])(
    'loses lines, counts them, and says so when it can be written again (terminal: %s)',
    async (terminal) => {
      const path = join(await temporaryFolder(), 'log');
      const fd = openSync('/dev/full', 'w');
      const log = createLog({ level: 'info', terminal, fd });
      const before = lostLogLines();
      for (const _ of [1, 2, 3]) log.info('lost');
      expect(lostLogLines() - before).toBe(3);
      closeSync(fd);
      expect(openSync(path, 'w')).toBe(fd);
      log.info('written');
      await Promise.resolve();
      log.info('written too');
      closeSync(fd);
      const text = readFileSync(path, 'utf8');
      expect(text).toMatch(/written.*lines of the log were lost.*written too/s);
      expect(text).toContain('ENOSPC');
      expect(text).not.toMatch(/lost["\n]*$/m);
      expect(lostLogLines() - before).toBe(3);
    },
  );

  it('is not waited for longer than half a second when its reader stands still', async () => {
    const { fd, close } = await fullPipe();
    const log = createLog({ level: 'info', terminal: false, fd });
    const before = { lost: lostLogLines(), time: performance.now() };
    for (let line = 0; line < 1_000; line += 1) log.info('lost');
    expect(lostLogLines() - before.lost).toBe(1_000);
    expect(performance.now() - before.time).toBeLessThan(5_000);
    close();
  });
});

/** A pipe in non-blocking mode that nobody reads, full. */
async function fullPipe() {
  const path = join(await temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [path]);
  const { O_NONBLOCK, O_RDWR } = constants;
  const fd = openSync(path, O_RDWR | O_NONBLOCK);
  const bytes = Buffer.alloc(4096);
  try {
    for (;;) writeSync(fd, bytes);
  } catch (error) {
    if (systemErrorCode(error) !== 'EAGAIN') throw error;
  }
  return { fd, close: () => closeSync(fd) };
}
