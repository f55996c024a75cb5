import { describe, expect, test } from 'vitest';
import { CommandError, startError } from '../../src/embedded-postgres/start-error.ts';

const HOME = '/nowhere/.cdd-sync';
const system = (code: string) => Object.assign(new Error(`${code}: it failed, mkdir '${HOME}'`), { code });

describe('the error of a start tells what to do', () => {
  test.each([
    ['EACCES', 'this user may not write there', 'Set CDD_SYNC_HOME to a folder of this user'],
    ['EROFS', 'the disk is read-only', 'Set CDD_SYNC_HOME to a folder that can be written to'],
    ['ENOSPC', 'the disk is full', 'about 60 MB'],
    ['ENOENT', 'its folder cannot be created', 'Set CDD_SYNC_HOME'],
  ])('about %s', (code, reason, advice) => {
    const { message } = startError(HOME, system(code), '');
    expect(message).toContain(`did not start: ${reason}`);
    expect(message).toContain(advice);
    expect(message).not.toContain('postgres.log');
  });

  test.each([
    ['initdb: error: could not write to file: No space left on device', 'the disk is full'],
    ['postgres: error while loading shared libraries: libicuuc.so.60: cannot open', 'a library is missing or too old'],
    ["postgres: /lib/libc.so.6: version `GLIBC_2.38' not found", 'a library is missing or too old'],
    ['program "postgres" is needed by initdb but was not found in the same directory as "/x"', 'npm ci'],
    ['FATAL:  data directory "/x" has wrong ownership', 'chown -R'],
    ['FATAL:  could not map anonymous shared memory: Cannot allocate memory', 'not enough memory'],
    ['FATAL:  pre-existing shared memory block (key 1, ID 1) is still in use', 'Stop that server'],
    ['PANIC:  could not locate a valid checkpoint record', 'Restore the folder from a backup'],
    ['initdb: error: could not access directory "/x": Permission denied', 'Set CDD_SYNC_HOME'],
  ])('about: %s', (output, advice) => {
    const { message } = startError(HOME, new CommandError(`It said: much\n${output}\nmore`), '');
    expect(message).toContain(advice);
    expect(message).toContain(output);
    expect(message).not.toContain('more');
  });

  test('about programs that are not there', () => {
    const { message } = startError(HOME, system('ENOENT'), 'To use another, set DATABASE_URL.');
    expect(message).toMatch(/\nTo use another, set DATABASE_URL\.$/);
    const spawn = Object.assign(new Error('spawn /x/initdb ENOENT'), { code: 'ENOENT' });
    expect(startError(HOME, spawn, '').message).toContain('Install cdd-sync again, with --include=optional');
  });

  test('and repeats what is not known', () => {
    const output = 'pg_ctl ended with 1. It said: FATAL: something new';
    expect(startError(HOME, new CommandError(output), '').message).toBe(
      `The embedded Postgres in ${HOME} did not start: ${output}`,
    );
  });
});
