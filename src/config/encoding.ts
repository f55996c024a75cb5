// Files that people save in another encoding than UTF-8: by PowerShell's `>`, by Notepad, by an old editor.

const SAVE_AS = 'save it as UTF-8 (in an editor: "Save with encoding"; in PowerShell: Set-Content -Encoding utf8)';

/** The text of a file, or the mistake that its bytes show, with a line if that is known. */
export type Decoded = { text: string } | { message: string; line: number | null };

/** Decodes UTF-8, with or without a byte order mark. */
export function decodeUtf8(bytes: Buffer): Decoded {
  const name = otherEncoding(bytes);
  if (name !== null) return { message: `is ${name}; ${SAVE_AS}`, line: null };
  try {
    // Removes a byte order mark.
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { message: `is not UTF-8, but probably Latin-1 or Windows-1252; ${SAVE_AS}`, line: firstBadLine(bytes) };
  }
}

function otherEncoding(bytes: Buffer): string | null {
  const start = bytes.subarray(0, 4).toString('hex');
  if (/^(fffe0000|0000feff)/.test(start)) return 'UTF-32';
  if (/^(fffe|feff)/.test(start)) return 'UTF-16';
  // Without a mark, every second byte of UTF-16 is zero where the text is English. Text has no zero bytes.
  if (bytes.includes(0)) return 'UTF-16 without a byte order mark, or no text file';
  return null;
}

function firstBadLine(bytes: Buffer): number | null {
  const line = bytes
    .toString('latin1')
    .split('\n')
    .findIndex((text) => !isUtf8(Buffer.from(text, 'latin1')));
  return line === -1 ? null : line + 1;
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString('utf8'), 'utf8').equals(bytes);
}
