import packageContent from '../../../package.json' with { type: 'json' };
import type { ContractLinks } from '../../ledger/evidence/contract-links.ts';
import { LEFT_OUT_WORDS } from '../../ledger/evidence/words.ts';
import { parseExact } from '../../model/exact-json.ts';
import { visibleText } from '../../model/visible-text.ts';
import type { EvidenceCase } from '../../store/ledger/evidence/case.ts';
import { readEvidenceDocument } from '../../store/ledger/evidence/case.ts';
import type { EvidenceKey } from '../../store/ledger/evidence/columns.ts';
import type { Transaction } from '../../store/postgres/pool.ts';
import { isoTime } from '../reports/cells.ts';
import type { EvidenceFolder } from './folder.ts';
import { evidencePage } from './page.ts';
import { type ReadTable, rowsOf, tableCsv, tableJson } from './tables.ts';

export type EvidenceParts = {
  tx: Transaction;
  key: EvidenceKey;
  evidence: EvidenceCase;
  tables: readonly ReadTable[];
  links: ContractLinks;
  /** The sender in their own words; null = not given. */
  madeBy: string | null;
  signal: AbortSignal;
};

/**
 * Writes all files, always in the same order. They contain no time of writing, no machine and no
 * user, so the same known-at time gives the same bytes.
 */
export async function writeEvidence(folder: EvidenceFolder, parts: EvidenceParts): Promise<void> {
  const { evidence, tables, madeBy, signal } = parts;
  await folder.write('index.html', await evidencePage({ evidence, tables, madeBy }));
  await folder.write('case.json', jsonText(evidence));
  for (const table of tables) {
    signal.throwIfAborted();
    await folder.write(`tables/${table.name}.csv`, tableCsv(table));
    await folder.write(`tables/${table.name}.json`, tableJson(table));
  }
  await writeDocuments(folder, parts);
  await folder.write('manifest.json', jsonText(manifestOf(parts, folder)));
  const sums = folder.files.map(({ path, sha256 }) => `${sha256}  ${path}\n`);
  await folder.write('SHA256SUMS', sums.join(''));
}

async function writeDocuments(
  folder: EvidenceFolder,
  { tx, key, tables, links, signal }: EvidenceParts,
): Promise<void> {
  for (const { file = null, recorded_at = null } of rowsOf(tables, 'documents')) {
    if (file === null || recorded_at === null) continue;
    signal.throwIfAborted();
    const document = parseExact(await readEvidenceDocument(tx, key, recorded_at));
    await folder.write(file, jsonText(links.fromJson(document)));
  }
}

/** For programs: the case and the known-at time of the evidence, and size and SHA-256 of each file but itself and SHA256SUMS. */
function manifestOf({ evidence, tables, madeBy }: EvidenceParts, { files }: EvidenceFolder): object {
  const { account_id, case_id, known_at } = evidence;
  return {
    made_with: `cdd-sync ${packageContent.version}`,
    made_by: madeBy,
    account_id,
    case_id,
    known_at,
    newest_link: newestLink(tables),
    left_out: LEFT_OUT_WORDS,
    rows: Object.fromEntries(tables.map(({ name, rows }) => [name, rows.length])),
    files,
  };
}

/** The newest link of the account's digest chain then; null = it had no chain yet. */
function newestLink(tables: readonly ReadTable[]): object | null {
  const link = rowsOf(tables, 'digest-links').find(({ is_newest }) => is_newest === 'true');
  if (link === undefined) return null;
  const { number = null, digest = null, linked_at = null } = link;
  return { number: Number(number), digest, linked_at: linked_at === null ? null : isoTime(linked_at) };
}

/** Characters that a terminal obeys are escaped, which JSON takes for the same. */
function jsonText(value: unknown): string {
  return `${visibleText(JSON.stringify(value, null, 2))}\n`;
}
