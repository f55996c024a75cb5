import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, realpath, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { outputError } from '../../model/output-error.ts';
import { systemErrorCode } from '../../model/system-error.ts';
import { UsageError } from '../../model/usage-error.ts';
import { visibleLine } from '../../model/visible-text.ts';
import { openError } from '../export/file.ts';
import { Archive } from './archive.ts';

/** A file of the folder: its path there, its size in bytes, and its SHA-256 in hex. */
export type WrittenFile = { path: string; bytes: number; sha256: string };

/** Paths of the written folder and archive. `zip` is null if it would be larger than the format allows. */
export type Kept = { folder: string; zip: { path: string; bytes: number } | null };

/**
 * A folder, and a .zip of it beside. Both are written under other names, and get theirs when they are whole. Only their
 * owner may read them.
 */
export class EvidenceFolder {
  readonly files: WrittenFile[] = [];
  readonly #path: string;
  readonly #partial: string;
  readonly #archive: Archive;
  /** The folder in the archive. Not the name of ours, so that two archives of the same evidence are equal. */
  readonly #nameInside: string;

  private constructor(path: string, options: { partial: string; archive: Archive; nameInside: string }) {
    this.#path = path;
    this.#partial = options.partial;
    this.#archive = options.archive;
    this.#nameInside = options.nameInside;
  }

  /** @throws UsageError if the folder has files, the .zip exists, or one of them cannot be made. */
  static async create(wanted: string, nameInside: string): Promise<EvidenceFolder> {
    // A link stays a link: the empty folder that it names is replaced.
    const path = await realpath(wanted).catch(() => wanted);
    await requireFree(path);
    const partial = `${path}.partial-${randomUUID().slice(0, 8)}`;
    try {
      await mkdir(partial, { mode: 0o700 });
      const archive = await Archive.create(`${partial}.zip`);
      return new EvidenceFolder(path, { partial, archive, nameInside });
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      throw openError(path, error);
    }
  }

  /** Writes a file, for which `path` may name a folder. @throws OutputError, if the disk is full for instance. */
  async write(path: string, text: string): Promise<void> {
    const content = Buffer.from(text);
    try {
      await mkdir(dirname(join(this.#partial, path)), { recursive: true, mode: 0o700 });
      await using handle = await open(join(this.#partial, path), 'wx', 0o600);
      await handle.writeFile(content);
      await handle.sync();
      await this.#archive.add(`${this.#nameInside}/${path}`, content);
    } catch (error) {
      throw outputError(error);
    }
    this.files.push({ path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') });
  }

  /** Everything is written: both get their names. */
  async keep(): Promise<Kept> {
    try {
      await this.#archive.end();
      const zip = this.#archive.isTooLarge ? null : await stat(`${this.#partial}.zip`);
      await requireFree(this.#path);
      if (zip !== null) await rename(`${this.#partial}.zip`, `${this.#path}.zip`);
      // On Windows, a folder does not take the place of an empty one.
      await rmdir(this.#path).catch(() => {});
      await rename(this.#partial, this.#path).catch(async (error: unknown) => {
        await rm(`${this.#path}.zip`, { force: true });
        throw error;
      });
      return { folder: this.#path, zip: zip === null ? null : { path: `${this.#path}.zip`, bytes: zip.size } };
    } catch (error) {
      throw error instanceof UsageError ? error : outputError(error);
    }
  }

  /** Leaves nothing that was not kept. */
  async discard(): Promise<void> {
    await this.#archive.close().catch(() => {});
    await rm(this.#partial, { recursive: true, force: true });
    await rm(`${this.#partial}.zip`, { force: true });
  }
}

async function requireFree(path: string): Promise<void> {
  const names = await readdir(path).catch((error: unknown) => {
    if (systemErrorCode(error) === 'ENOENT') return [];
    if (systemErrorCode(error) === 'ENOTDIR') throw new UsageError(`${visibleLine(path)} is a file; -o needs a folder`);
    throw openError(path, error);
  });
  if (names.length > 0) throw new UsageError(`${visibleLine(path)} is not empty; name a new folder with -o`);
  const zip = `${path}.zip`;
  if ((await stat(zip).catch(() => null)) === null) return;
  throw new UsageError(`${visibleLine(zip)} exists; move it away, or name another folder with -o`);
}
