import { execFile } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFile(join(root, file), 'utf8');

const DOCUMENTS = [
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  ...[
    'configuration',
    'development',
    'evidence',
    'operating',
    'pages',
    'performance',
    'reporting',
    'sandbox',
    'verifying',
  ].map((name) => `docs/${name}.md`),
  'docs/decisions/README.md',
];

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (text: string) => [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

/** Links of a document to files of the repository that do not exist, or to headings that they do not have. */
async function brokenLinks(file: string): Promise<string[]> {
  const text = await read(file);
  const links = [...text.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)/gm)]
    .map(([, inline, defined]) => inline ?? defined ?? '')
    .filter((link) => !/^https?:/.test(link));
  const broken: string[] = [];
  for (const link of links) {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? file : join(dirname(file), path);
    const exists = await access(join(root, target)).then(
      () => true,
      () => false,
    );
    const isBroken = !exists || (anchor !== undefined && !anchorsOf(await read(target)).includes(anchor));
    if (isBroken) broken.push(`${file}: ${link}`);
  }
  return broken;
}

describe('README', () => {
  it('lists every verb, and none that does not exist', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'src/main.ts'), '--help']);
    const [, list = ''] = stdout.split(/^(?:Commands|Examples):$/m);
    const verbs = [...list.matchAll(/^ {2}([a-z-]+)/gm)].map(([, verb]) => verb);
    const listed = [...(await read('README.md')).matchAll(/^\| `([a-z-]+)[ `]/gm)].map(([, verb]) => verb);
    expect(listed.length).toBeGreaterThan(5);
    expect(listed.sort()).toEqual(verbs.filter((verb) => verb !== 'help').sort());
  });

  it('shows an answer that docs/reporting.md gives to the same query', async () => {
    const shown = [...(await read('README.md')).matchAll(/^```sql\n[^`]+```\n\n(?:\|.*\n)+/gm)].map(
      ([example]) => example,
    );
    const page = await read('docs/reporting.md');
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.filter((example) => !page.includes(example))).toEqual([]);
  });

  it('links each of its promises to a test that exists, or to a benchmark', async () => {
    const text = await read('README.md');
    const definitions = [...text.matchAll(/^\[([^\]]+)\]: (\S+)(?: "(.+)")?$/gm)];
    const titles = definitions.map(async ([line, , file = '', title]) => {
      const isThere = title === undefined ? file.startsWith('bench/') : (await read(file)).includes(title);
      return isThere ? [] : [line];
    });
    expect((await Promise.all(titles)).flat()).toEqual([]);
    const used = [...text.matchAll(/\[(?:test|benchmark)\]\[([^\]]+)\]/g)].map(([, name = '']) => name);
    expect(new Set(used)).toEqual(new Set(definitions.map(([, name]) => name)));
    const promises = text.match(/^- .*(?:\n {2}.*)*/gm) ?? [];
    expect(promises.length).toBeGreaterThan(5);
    expect(promises.filter((promise) => !/\[(?:test|benchmark)\]\[/.test(promise))).toEqual([]);
  });

  it('names only scripts that package.json has', async () => {
    const { scripts } = JSON.parse(await read('package.json'));
    const texts = await Promise.all(DOCUMENTS.map(read));
    const named = texts.flatMap((text) =>
      [...text.matchAll(/npm run (?:-s )?([a-z][a-z:-]*)/g)].map(([, name = '']) => name),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe('the documents', () => {
  it('link only to files and headings that exist', async () => {
    expect((await Promise.all(DOCUMENTS.map(brokenLinks))).flat()).toEqual([]);
  });
});
