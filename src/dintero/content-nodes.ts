// How a document taken apart lies in an Int32Array: a node is a value and, in an object, its key. By field:
export const KEY_START = 0;
/** After the closing quote; the start for a value without a key. */
export const KEY_END = 1;
export const KEY_HASH = 2;
export const VALUE_START = 3;
/** Of a scalar only. */
export const VALUE_END = 4;
export const KIND = 5;
/** The first member of an array or object, and the next one of the same; a node's index is that of its first field. */
export const FIRST = 6;
export const NEXT = 7;
export const FIELDS = 8;

export const SCALAR = 0;
export const ARRAY = 1;
export const OBJECT = 2;
export const NONE = -1;
