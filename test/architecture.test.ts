import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

type Source = { file: string; text: string; imports: string[] };

// `import … from 'x'`, `export … from 'x'`, `import 'x'` and `import('x')`, types included: a type is a dependency too.
const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)['"]([^'"]+)['"]/g;

const sources: Source[] = globSync('src/**/*.ts', { cwd: root, exclude: ['src/store/generated/**'] })
  .filter((file) => !file.includes('generated'))
  .map((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const imports = [...text.matchAll(IMPORT)].map(([, name = '']) =>
      name.startsWith('.') ? relative(root, join(root, dirname(file), name)) : name,
    );
    return { file, text, imports };
  });

const importersOf = (matches: (name: string) => boolean) =>
  sources.filter(({ imports }) => imports.some(matches)).map(({ file }) => file);

const within = (folder: string) => (name: string) => name.startsWith(`src/${folder}/`);

describe('the layout', () => {
  it('was read: there are sources, and imports were found in them', () => {
    expect(sources.length).toBeGreaterThan(30);
    expect(importersOf((name) => name === 'src/case.ts').length).toBeGreaterThan(5);
  });

  it('keeps the domain apart from both outside worlds', () => {
    const domain = [
      'case.ts',
      'account.ts',
      'batches.ts',
      'case-index.ts',
      'garbage.ts',
      'heart.ts',
      'keys.ts',
      'reader.ts',
      'rejections.ts',
      'run.ts',
      'sync.ts',
      'transitions.ts',
      'waiting.ts',
    ].map((name) => `src/${name}`);
    const importers = importersOf((name) => within('dintero')(name) || within('store')(name));
    expect(domain.filter((file) => importers.includes(file))).toEqual([]);
    expect(domain.filter((file) => !sources.some((source) => source.file === file))).toEqual([]);
  });

  it('keeps the vocabulary free of imports', () => {
    for (const name of ['src/case.ts', 'src/account.ts']) {
      expect(sources.find(({ file }) => file === name)?.imports).toEqual([]);
    }
  });

  it('never lets the source and the destination import each other', () => {
    expect(importersOf(within('store')).filter(within('dintero'))).toEqual([]);
    expect(importersOf(within('dintero')).filter(within('store'))).toEqual([]);
  });

  it('has axios in dintero/ only', () => {
    expect(importersOf((name) => name === 'axios').filter((file) => !within('dintero')(file))).toEqual([]);
  });

  it('has the Prisma client in store/ only', () => {
    const prisma = (name: string) => name.includes('store/generated') || name.startsWith('@prisma/');
    expect(importersOf(prisma).filter((file) => !within('store')(file))).toEqual([]);
  });

  it('reads the environment in main.ts only', () => {
    const readers = sources.filter(({ text }) => /\bprocess\.env\b|\benv\b[^;]*from 'node:process'/.test(text));
    expect(readers.map(({ file }) => file)).toEqual(['src/main.ts']);
  });

  it('has no import cycle', () => {
    const graph = new Map(
      sources.map(({ file, imports }) => [file, imports.filter((name) => name.startsWith('src/'))]),
    );
    const cycles: string[] = [];
    const visit = (file: string, path: string[]): void => {
      if (path.includes(file)) {
        cycles.push([...path.slice(path.indexOf(file)), file].join(' > '));
        return;
      }
      for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
      graph.delete(file);
    };
    for (const { file } of sources) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('has no default export and no barrel', () => {
    expect(sources.filter(({ text }) => /^export default\b/m.test(text)).map(({ file }) => file)).toEqual([]);
    expect(
      sources.filter(({ text }) => /^export (type )?(\*|\{[^}]*\}) from\b/m.test(text)).map(({ file }) => file),
    ).toEqual([]);
  });

  it('has no file whose name says nothing', () => {
    const vague = /^(utils?|helpers?|common|types|misc|shared|index)\.ts$/;
    expect(sources.filter(({ file }) => vague.test(basename(file))).map(({ file }) => file)).toEqual([]);
  });
});
