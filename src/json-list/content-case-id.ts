import { FIRST, KEY_END, KEY_START, KIND, NEXT, NONE, SCALAR, VALUE_END, VALUE_START } from './content-tree.ts';

const KEY = '"id"';
const UUID = /^"([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})"$/;
const UUID_LENGTH = 38;

/** Finds the lower-case uuid of a document's case; null for an id that is not written as one, character by character. */
export function createCaseIdFinder(nodes: Int32Array): (bytes: Buffer) => string | null {
  const textOf = (bytes: Buffer, start: number | undefined, end: number | undefined, length: number): string =>
    start !== undefined && end === start + length ? bytes.toString('latin1', start, end) : '';

  return (bytes) => {
    for (let member = nodes[FIRST] ?? NONE; member !== NONE; member = nodes[member + NEXT] ?? NONE) {
      const key = textOf(bytes, nodes[member + KEY_START], nodes[member + KEY_END], KEY.length);
      if (key !== KEY || nodes[member + KIND] !== SCALAR) continue;
      const value = textOf(bytes, nodes[member + VALUE_START], nodes[member + VALUE_END], UUID_LENGTH);
      return UUID.exec(value.toLowerCase())?.[1] ?? null;
    }
    return null;
  };
}
