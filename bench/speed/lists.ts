import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { documentOf, type Variant } from './documents.ts';

export type ListOptions = { account: string; cases: number; variant: Variant };

const WRITTEN_AT_ONCE = 250;

/** Writes a list as the API sends it: one array. Returns the bytes of its documents. */
export async function writeList(path: string, options: ListOptions): Promise<number> {
  return writeDocuments(path, options, { first: '[', before: ',', last: ']', escaped: (text) => text });
}

/** Writes a list's documents in the format of `copy … from stdin`. */
export async function writeCopyRows(path: string, options: ListOptions): Promise<void> {
  await writeDocuments(path, options, {
    first: '',
    before: '\n',
    last: '\n',
    escaped: (text) => text.replaceAll('\\', '\\\\'),
  });
}

/** Compresses a file with gzip, like web servers. */
export async function gzipFile(from: string, to: string): Promise<void> {
  await pipeline(createReadStream(from, { highWaterMark: 1024 * 1024 }), createGzip(), createWriteStream(to));
}

type Format = { first: string; before: string; last: string; escaped: (text: string) => string };

async function writeDocuments(
  path: string,
  { account, cases, variant }: ListOptions,
  { first, before, last, escaped }: Format,
): Promise<number> {
  let bytes = 0;
  async function* pieces(): AsyncGenerator<string> {
    yield first;
    for (let from = 0; from < cases; from += WRITTEN_AT_ONCE) {
      const length = Math.min(WRITTEN_AT_ONCE, cases - from);
      const texts = Array.from({ length }, (_, at) => JSON.stringify(documentOf(account, from + at, variant)));
      for (const text of texts) bytes += Buffer.byteLength(text);
      yield (from === 0 ? '' : before) + texts.map(escaped).join(before);
    }
    yield last;
  }
  await pipeline(pieces(), createWriteStream(path));
  return bytes;
}
