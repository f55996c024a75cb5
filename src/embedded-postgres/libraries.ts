// Postgres' programs ask for libraries by short names (libpq.so.5), which are symbolic links. An npm package cannot contain
// links, so an install script makes them. npm runs such a script only with the user's approval (`allowScripts`), and a
// system-wide installation cannot be mended by an ordinary user. Missing links are therefore made in our own folder.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, readlink, rename, stat, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';

const LINKS_FILE = 'native/pg-symlinks.json';
const VARIABLE = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH';

/** Paths from the package's folder: the link `target` points to the file `source`. */
const linkList = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Makes the links that the Postgres package in `folder` lacks, in `home/libraries`.
 * @returns the environment for Postgres' programs: empty if the package has all links.
 */
export async function linkLibraries(folder: string, home: string): Promise<Record<string, string>> {
  const links = await readLinks(folder);
  const found = await Promise.all(links.map(({ target }) => stat(join(folder, target)).catch(() => null)));
  if (!found.includes(null)) return {};
  const libraries = join(home, 'libraries');
  await mkdir(libraries, { recursive: true, mode: 0o755 });
  for (const { source, target } of links) await replaceLink(join(folder, source), join(libraries, basename(target)));
  // A library that is loaded by a link of ours looks for the next one beside that link.
  return { [VARIABLE]: `${libraries}:${join(folder, 'native/lib')}` };
}

/** The package for Windows has no list. */
async function readLinks(folder: string): Promise<z.output<typeof linkList>> {
  const text = await readFile(join(folder, LINKS_FILE), 'utf8').catch(() => '[]');
  return linkList.parse(JSON.parse(text));
}

/** By renaming, because another process may load the library at this moment. */
async function replaceLink(file: string, link: string): Promise<void> {
  if ((await readlink(link).catch(() => null)) === file) return;
  const draft = `${link}.${randomUUID()}`;
  await symlink(file, draft);
  await rename(draft, link);
}
