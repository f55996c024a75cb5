import { hash as hashAtOnce } from 'node:crypto';
import type { Content } from '../model/list.ts';
import { createCaseIdFinder } from './content-case-id.ts';
import { createContentTree } from './content-tree.ts';
import { createContentWriter } from './content-writer.ts';

/** Of a SHA-256 so many bytes are kept. */
const HASH_BYTES = 16;
/** A larger document goes the way of one that is new. */
const LARGEST = 128 * 1024;

/** What a document says, and of which case; null where it cannot be told, or is not worth it. */
export type ContentReader = (bytes: Buffer) => Content | null;

/**
 * Hashes JSON objects so that neither the order of keys nor the space between tokens makes a difference, and everything
 * else does; a number or text that is spelled in another way as well.
 *
 * Equal hashes mean equal content if one of the two is that of a valid document: what is hashed is that document again,
 * its tokens as they were, every object's members in an order that depends on nothing but their keys. So a document of
 * which only the keys were put in another place need not be parsed. See docs/decisions.md, 41.
 */
export function createContentReader(salt: string): ContentReader {
  const prefix = Buffer.from(`content of ${salt}\n`);
  const room = Buffer.alloc(prefix.length + LARGEST);
  prefix.copy(room);
  const tree = createContentTree();
  const writer = createContentWriter(tree.nodes);
  const caseIdOf = createCaseIdFinder(tree.nodes);

  return (bytes) => {
    if (bytes.length > LARGEST || !tree.read(bytes)) return null;
    const end = writer.write(bytes, room, prefix.length);
    const digest = hashAtOnce('sha256', room.subarray(0, end), 'binary');
    return { hash: Buffer.from(digest.slice(0, HASH_BYTES), 'binary'), caseId: caseIdOf(bytes) };
  };
}
