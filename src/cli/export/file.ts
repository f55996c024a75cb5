import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { outputError } from '../../model/output-error.ts';
import { systemErrorCode } from '../../model/system-error.ts';
import { UsageError } from '../../model/usage-error.ts';
import { visibleLine } from '../../model/visible-text.ts';
import type { Chunk } from './encoder.ts';

/** A place that an export writes to. */
export type Sink = {
  write: (chunk: Chunk) => Promise<void>;
  /** Everything is written and stays; true if it took the place of an older file. */
  keep: () => Promise<boolean>;
  /** Leaves nothing. Does nothing after `keep`. */
  discard: () => Promise<void>;
};

/**
 * A file that appears under its name when it is whole, and takes the place of an older one then: after an interruption
 * the older one is still there. A device or pipe is written directly, since a file in its place would remove it.
 */
export async function openFile(wanted: string): Promise<Sink> {
  const path = await namedFile(wanted);
  const existing = await stat(path).catch(() => null);
  const isReplaced = existing?.isFile() ?? false;
  const isDirect = existing !== null && !isReplaced;
  // Not by the process' number: in a container it is always the same, so a file left by a killed one would be in the way.
  const writtenPath = isDirect ? path : `${path}.partial-${randomUUID().slice(0, 8)}`;
  const handle = await open(writtenPath, isDirect ? 'w' : 'wx', existing?.mode).catch((error: unknown) => {
    throw openError(wanted, error);
  });
  return isDirect ? directSink(handle) : fileSink(handle, { writtenPath, path, isReplaced });
}

/** The file that a path names. A link stays a link, also one to a file that is not there yet. */
async function namedFile(path: string): Promise<string> {
  const real = await realpath(path).catch((error: unknown) => {
    // Others, such as a link to itself, would end with a file in place of the link.
    if (systemErrorCode(error) !== 'ENOENT') throw openError(path, error);
    return null;
  });
  const target = real === null ? await readlink(path).catch(() => null) : null;
  if (target === null) return real ?? path;
  const folder = await realpath(dirname(path)).catch(() => dirname(path));
  return namedFile(resolve(folder, target));
}

function directSink(handle: FileHandle): Sink {
  return {
    write: (chunk) => written(handle.appendFile(chunk)),
    keep: async () => {
      await written(handle.close());
      return false;
    },
    discard: () => handle.close().catch(() => {}),
  };
}

function fileSink(handle: FileHandle, paths: { writtenPath: string; path: string; isReplaced: boolean }): Sink {
  const { writtenPath, path, isReplaced } = paths;
  return {
    write: (chunk) => written(handle.appendFile(chunk)),
    keep: async () => {
      // Before the rename: after a power cut the name must not belong to an empty file.
      await written(handle.sync());
      await written(handle.close());
      await written(rename(writtenPath, path));
      return isReplaced;
    },
    discard: async () => {
      await handle.close().catch(() => {});
      await rm(writtenPath, { force: true });
    },
  };
}

function written(writing: Promise<void>): Promise<void> {
  return writing.catch((error: unknown) => {
    throw outputError(error);
  });
}

const REASONS: Record<string, string> = {
  ENOENT: 'its folder does not exist; make it first',
  ENOTDIR: 'a part of the path is a file and no folder',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'that file system is read-only',
  ELOOP: 'its links lead in a circle',
  ENOSPC: 'the disk is full; make room there',
};

/** The error of a path that cannot be written to. */
export function openError(path: string, error: unknown): UsageError {
  const code = systemErrorCode(error) ?? '';
  return new UsageError(`${visibleLine(path)} cannot be written: ${REASONS[code] ?? (code || String(error))}.`);
}
