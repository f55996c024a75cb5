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

/** Folders of src/ and the folders that each may import, besides its own. Files of src/ itself count as `app.ts`, `log.ts` and so on. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  model: [],
  'json-list': ['model'],
  http: ['model'],
  dintero: ['model', 'json-list', 'http'],
  sync: ['model'],
  schedule: ['model'],
  store: ['model', 'sync'],
  config: ['model'],
  'embedded-postgres': ['model'],
  sandbox: ['model'],
  'log.ts': ['model'],
  'log-lines.ts': ['model', 'log.ts'],
  'destination.ts': ['model', 'store', 'sync', 'schedule', 'ledger', 'log.ts', 'log-lines.ts'],
  'database-server.ts': ['model', 'config', 'embedded-postgres', 'store', 'log.ts'],
  'app.ts': [
    'model',
    'database-server.ts',
    'destination.ts',
    'config',
    'json-list',
    'dintero',
    'http',
    'store',
    'sync',
    'schedule',
    'log.ts',
    'log-lines.ts',
  ],
  worker: [
    'model',
    'config',
    'dintero',
    'store',
    'sync',
    'schedule',
    'pages',
    'notify',
    'log.ts',
    'log-lines.ts',
    'app.ts',
  ],
  pages: ['model', 'store'],
  notify: ['model', 'config', 'store'],
  ledger: ['model', 'store'],
  cli: [
    'model',
    'config',
    'dintero',
    'store',
    'sync',
    'schedule',
    'sandbox',
    'worker',
    'pages',
    'notify',
    'ledger',
    'log.ts',
    'log-lines.ts',
    'database-server.ts',
    'app.ts',
  ],
  'main.ts': ['model', 'cli', 'runtime.js'],
};

/** The folder of src/ that a file is in; the file's name for a file of src/ itself. */
const folderOf = (file: string): string => file.split('/')[1] ?? '';

/** Imports that the table above does not allow, as `file > imported file`. */
function forbiddenImports(all: readonly Source[]): string[] {
  return all.flatMap(({ file, imports }) => {
    const folder = folderOf(file);
    const allowed = [folder, ...(MAY_IMPORT[folder] ?? [])];
    return imports
      .filter((name) => name.startsWith('src/') && !allowed.includes(folderOf(name)))
      .map((name) => `${file} > ${name}`);
  });
}

describe('the layout', () => {
  it('was read: there are sources, and imports were found in them', () => {
    expect(sources.length).toBeGreaterThan(30);
    expect(importersOf(within('model')).length).toBeGreaterThan(5);
  });

  it('has a rule for every folder and file of src/', () => {
    const folders = new Set(sources.map(({ file }) => folderOf(file)));
    expect([...folders].filter((folder) => !(folder in MAY_IMPORT))).toEqual([]);
  });

  it('imports along the allowed directions only', () => {
    expect(forbiddenImports(sources)).toEqual([]);
  });

  it('rejects a new file of sync/ that imports store/', () => {
    const probe = { file: 'src/sync/probe.ts', text: '', imports: ['src/store/runs/runs.ts'] };
    expect(forbiddenImports([probe])).toEqual(['src/sync/probe.ts > src/store/runs/runs.ts']);
  });

  it('keeps the model free of packages', () => {
    const outside = (name: string) => !within('model')(name);
    expect(importersOf(outside).filter(within('model'))).toEqual([]);
  });

  it('does no I/O in json-list/', () => {
    const io = (name: string) => /^node:(fs|net|http|https|child_process|dgram|stream)\b/.test(name);
    expect(importersOf(io).filter(within('json-list'))).toEqual([]);
  });

  it('has axios in http/ only', () => {
    expect(importersOf((name) => name === 'axios').filter((file) => !within('http')(file))).toEqual([]);
  });

  it('has nodemailer in notify/ only', () => {
    expect(importersOf((name) => name === 'nodemailer').filter((file) => !within('notify')(file))).toEqual([]);
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

  it('keeps support code of the tests in test/support and test/fixtures', () => {
    const exclude = ['test/support/**', 'test/fixtures/**', 'test/**/*.test.ts'];
    expect(globSync('test/**/*.ts', { cwd: root, exclude })).toEqual([]);
  });

  it('has no file whose name says nothing', () => {
    const vague = /^(utils?|helpers?|common|types|misc|shared|index)\.ts$/;
    expect(sources.filter(({ file }) => vague.test(basename(file))).map(({ file }) => file)).toEqual([]);
  });
});
