import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

// Files that are the same for every viewer. Their addresses have a hash of the content, so browsers may cache them for ever
// and never use those of another version.

type StaticFile = { type: string; content: Buffer; gzipped: Buffer };

/** Where the pages find the files. */
export type StaticAddresses = { style: string; live: string; charts: string; icon: string };

/** The static files and their addresses. */
export type StaticFiles = {
  addresses: StaticAddresses;
  /** By address. */
  files: ReadonlyMap<string, StaticFile>;
};

const JAVASCRIPT = 'text/javascript; charset=utf-8';

const sources: Record<keyof StaticAddresses, { name: string; type: string; place: string }> = {
  style: { name: 'style.css', type: 'text/css; charset=utf-8', place: './style.css' },
  live: { name: 'live.js', type: JAVASCRIPT, place: './live.js' },
  icon: { name: 'icon.svg', type: 'image/svg+xml', place: './icon.svg' },
  // The bundle of the package, because the pages have no build step.
  charts: { name: 'echarts.js', type: JAVASCRIPT, place: import.meta.resolve('echarts/dist/echarts.esm.min') },
};

const compress = promisify(gzip);

/** The style sheet of the pages, for a page that is a file by itself. */
export function readStyleSheet(): Promise<string> {
  return readFile(new URL(sources.style.place, import.meta.url), 'utf8');
}

/** Reads and compresses the static files, at the start of the worker. */
export async function readStaticFiles(): Promise<StaticFiles> {
  const files = new Map<string, StaticFile>();
  const read = async (key: keyof StaticAddresses): Promise<string> => {
    const { name, type, place } = sources[key];
    const content = await readFile(new URL(place, import.meta.url));
    const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
    const address = `/static/${hash}/${name}`;
    files.set(address, { type, content, gzipped: await compress(content) });
    return address;
  };
  const [style, live, icon, charts] = await Promise.all([read('style'), read('live'), read('icon'), read('charts')]);
  return { addresses: { style, live, icon, charts }, files };
}
