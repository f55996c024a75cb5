import { isUuid } from '../../model/uuid.ts';

/** The place of a row in a list. The next page is asked for by the last place of this one: no page is slower than the first. */
export type Place = {
  /** Of the row in the list, from 1. */
  position: number;
  rank: number;
  /** The value of the order: a text, or microseconds since 1970. */
  value: string | null;
  accountId: string;
  caseId: string;
};

/** Where a page of the list begins; null = at the first row. */
export type Start = { place: Place; isBackwards: boolean } | null;

export function placeText({ position, rank, value, accountId, caseId }: Place): string {
  return Buffer.from(JSON.stringify([position, rank, value, accountId, caseId])).toString('base64url');
}

/** The start that an address asks for with `after` or `before`; undefined if it cannot be read. */
export function startOf(parameters: URLSearchParams, kind: 'time' | 'text'): Start | undefined {
  const isBackwards = !parameters.has('after') && parameters.has('before');
  const text = parameters.get(isBackwards ? 'before' : 'after');
  if (text === null || text === '') return null;
  const place = readPlace(text, kind);
  return place === null ? undefined : { place, isBackwards };
}

function readPlace(text: string, kind: 'time' | 'text'): Place | null {
  const parts = parsedList(text);
  if (parts === null) return null;
  const [position, rank, value, accountId, caseId] = parts;
  if (!isCount(position) || !isCount(rank)) return null;
  if (typeof accountId !== 'string' || typeof caseId !== 'string' || !isUuid(caseId)) return null;
  if (value !== null && (typeof value !== 'string' || (kind === 'time' && !isMicros(value)))) return null;
  return [accountId, value].some((part) => part?.includes('\0')) ? null : { position, rank, value, accountId, caseId };
}

function parsedList(text: string): unknown[] | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 1e9;
}

/** The years from 1 to 9999, which Postgres can hold. */
function isMicros(text: string): boolean {
  return /^-?\d{1,18}$/.test(text) && Math.abs(Number(text) - 95_617_352_400e6) < 157_753_949_200e6;
}
