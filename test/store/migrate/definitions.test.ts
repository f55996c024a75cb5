import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { readDefinitions } from '../../../src/store/migrate/definitions.ts';
import { test } from '../../support/migrations.ts';

const prisma = join(import.meta.dirname, '../../../prisma');

describe('the definitions of a directory', () => {
  const namesOf = async (directory: string) =>
    (await readDefinitions(join(directory, 'definitions'))).map(({ name }) => name);

  test('stand after those that they mention, whatever their names', async ({ write }) => {
    const directory = await write(
      {},
      {
        'cdd.a': 'create view cdd.a as select * from reporting.b;',
        'reporting.b': 'create view reporting.b as select * from cdd.c;',
        'cdd.c': 'create view cdd.c as select 1 as one;',
      },
    );
    expect(await namesOf(directory)).toEqual(['cdd.c', 'reporting.b', 'cdd.a']);
  });

  test('may name later ones in comments', async ({ write }) => {
    const directory = await write(
      {},
      {
        'cdd.a': `-- used by cdd.b\ncreate view cdd.a as select 1 as one;\ncomment on view cdd.a is 'It''s; see cdd.b.';\n`,
        'cdd.b': 'create view cdd.b as select * from cdd.a;',
      },
    );
    expect(await namesOf(directory)).toEqual(['cdd.a', 'cdd.b']);
  });

  test('may not mention each other', async ({ write }) => {
    const directory = await write({}, { 'cdd.a': 'select from cdd.b;', 'cdd.b': 'select from cdd.a;' });
    await expect(namesOf(directory)).rejects.toThrow('mention each other: cdd.a, cdd.b, cdd.a');
  });
});

describe('prisma/', () => {
  const textsOf = (pattern: string) =>
    globSync(pattern, { cwd: prisma }).map((file) => ({ file, text: readFileSync(join(prisma, file), 'utf8') }));

  test('has no view, function or trigger in a migration', () => {
    const migrations = textsOf('migrations/*/migration.sql');
    expect(migrations.length).toBeGreaterThan(1);
    const defining = /create\s+(?:or\s+replace\s+)?((?:function|view|trigger|procedure)\s+[\w.]+)/gi;
    // A function that only one migration needs is dropped at its end.
    const left = migrations.flatMap(({ text }) =>
      [...text.matchAll(defining)].flatMap(([, object]) => (text.includes(`drop ${object};`) ? [] : [object])),
    );
    expect(left).toEqual([]);
  });

  test('has definitions that can be applied again', () => {
    const definitions = textsOf('definitions/*/*.sql');
    expect(definitions.length).toBeGreaterThan(30);
    const once = /^create (?!or replace )/m;
    expect(definitions.filter(({ text }) => once.test(text)).map(({ file }) => file)).toEqual([]);
  });
});
