import { UsageError } from '../../model/usage-error.ts';
import { visibleLine } from '../../model/visible-text.ts';

/** A digest that was published earlier. */
export type PublishedDigest = { accountId: string; number: number; digest: string };

const LINE = /^([^\s:]+):([1-9]\d{0,8}):([0-9a-f]{64})$/i;

/** The line that `parsePublished` reads. */
export function publishedText({ accountId, number, digest }: PublishedDigest): string {
  return `${accountId}:${number}:${digest}`;
}

/** Whether a text begins like such a line, so that it is no name of a file. */
export function isPublished(text: string): boolean {
  return LINE.test(firstWord(text));
}

/**
 * Reads lines of `ACCOUNT:NUMBER:DIGEST`. Anything after a blank is a comment, such as the time that --print adds; empty
 * lines and those that begin with # are none.
 * @throws UsageError with the line that cannot be read.
 */
export function parsePublished(text: string, source: string): PublishedDigest[] {
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ word: firstWord(line), place: `${source}, line ${index + 1}` }))
    .filter(({ word }) => word !== '' && !word.startsWith('#'))
    .map(({ word, place }) => parseOne(word, place));
}

function firstWord(line: string): string {
  return line.trim().split(/\s+/)[0] ?? '';
}

function parseOne(word: string, place: string): PublishedDigest {
  const [, accountId, number, digest] = LINE.exec(word) ?? [];
  if (accountId === undefined || number === undefined || digest === undefined) {
    throw new UsageError(
      `${visibleLine(place)}: ${visibleLine(word.slice(0, 100))} is not ACCOUNT:NUMBER:DIGEST with 64 hexadecimal digits, as verify --print prints it`,
    );
  }
  return { accountId, number: Number(number), digest: digest.toLowerCase() };
}
