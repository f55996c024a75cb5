import { type FileHandle, open } from 'node:fs/promises';
import { Zip, ZipDeflate } from 'fflate';

// Written by fflate and not by zlib, whose compressed bytes differ between versions of Node and between processors.

/** The same for every file, so that equal content gives equal bytes. fflate takes the local time of a date. */
const TIME = new Date(1980, 0, 1);
const UNIX = 3;
/** A regular file that only its owner may read, where Unix keeps its mode. */
const ATTRIBUTES = 0o100600 << 16;

/** fflate does not write the extension for larger ones. 4 GiB, less the directory at the end. */
const MOST_BYTES = 0xf000_0000;
const MOST_FILES = 0xffff;

/** A .zip that is written file by file. */
export class Archive {
  readonly #handle: FileHandle;
  readonly #limits: { bytes: number; files: number };
  readonly #zip: Zip;
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;
  #files = 0;
  isTooLarge = false;

  private constructor(handle: FileHandle, limits: { bytes: number; files: number }) {
    this.#handle = handle;
    this.#limits = limits;
    this.#zip = new Zip((error, chunk) => {
      if (error !== null) throw error;
      this.#chunks.push(chunk);
    });
  }

  static async create(path: string, limits = { bytes: MOST_BYTES, files: MOST_FILES }): Promise<Archive> {
    return new Archive(await open(path, 'wx', 0o600), limits);
  }

  /** Adds a file. Does nothing once the archive is larger than the format allows; `isTooLarge` says so. */
  async add(path: string, content: Uint8Array): Promise<void> {
    this.#files += 1;
    this.isTooLarge ||= this.#files > this.#limits.files || this.#bytes + content.length > this.#limits.bytes;
    if (this.isTooLarge) return;
    const file = new ZipDeflate(path);
    file.mtime = TIME;
    file.os = UNIX;
    file.attrs = ATTRIBUTES;
    this.#zip.add(file);
    file.push(content, true);
    await this.#write();
  }

  async end(): Promise<void> {
    this.#zip.end();
    await this.#write();
    await this.#handle.sync();
    await this.close();
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #write(): Promise<void> {
    for (const chunk of this.#chunks.splice(0)) {
      this.#bytes += chunk.length;
      await this.#handle.appendFile(chunk);
    }
  }
}
