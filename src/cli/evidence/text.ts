import { count } from '../../model/number-text.ts';
import { visibleLine } from '../../model/visible-text.ts';
import type { Style } from '../terminal/style.ts';
import { wrap } from '../terminal/wrap.ts';
import type { Written } from './written.ts';

export const PERSONAL_DATA_NOTE =
  'This is full of personal data, and only you may read the files. Send them encrypted, and delete them when they have arrived.';

/** What was written, where, and how it can be made and checked again. */
export function evidenceLines(written: Written, { width }: Pick<Style, 'width'>): string[] {
  const { account_id, case_id, known_at, made_by, folder, files, zip } = written;
  const lines = (text: string) => wrap(visibleLine(text), width, 'whole');
  return [
    ...lines(`Case ${account_id}/${case_id}`),
    ...lines(`as known at ${known_at}`),
    ...notesOf(written).flatMap(lines),
    '',
    ...lines(`${count(files)} files, ${sizeText(written.bytes)}: ${folder}`),
    ...(zip === null
      ? lines('No .zip, because it would be larger than 4 GB. Pack the folder with another program.')
      : lines(`the same, ${sizeText(written.zip_bytes ?? 0)}: ${zip}`)),
    '',
    ...lines('Open index.html first. To check the files, in the folder:'),
    '  sha256sum -c SHA256SUMS',
    ...lines(`The same bytes again${made_by === null ? '' : ', with the same --made-by'}:`),
    `  cdd-sync evidence --account ${visibleLine(account_id)} \\`,
    `    --case ${case_id} \\`,
    `    --known-at ${known_at} -o FOLDER`,
  ];
}

function notesOf({ account_id, erased_at, erasure_reason, hold_reason, other_accounts }: Written): string[] {
  return [
    ...(erased_at === null ? [] : [`It was erased at ${erased_at}. What is left is in the files, with the receipt.`]),
    ...(erasure_reason === null ? [] : [`Reason of the erasure: ${erasure_reason}`]),
    ...(hold_reason === null ? [] : [`It was under legal hold: ${hold_reason}`]),
    ...(other_accounts.length === 0
      ? []
      : [`It is also in the lists of ${other_accounts.join(', ')}; here is only what was recorded for ${account_id}.`]),
  ];
}

/** `12.3 kB`. */
function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power] ?? ''}`;
}
