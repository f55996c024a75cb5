import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { LEFT_OUT } from '../../src/ledger/evidence/contract-links.ts';
import { parseExact } from '../../src/model/exact-json.ts';
import { ACCOUNT } from './rig.ts';

// The case of the tests of evidence, and the files that are made of it.

export const ID = '0caeec5f-0000-4000-8000-000000000001';
/** A signing link in the events of the case. */
export const LINK = 'https://sign.example.com/contract/s3cr3t-0';
/** A name that a page must escape. */
const NAME = '=<img src=x onerror=alert(1)> "Bjørk" \u202e漢字';

/** The case as the list has it, as text: a JavaScript number would lose digits. */
export function listed({
  status,
  amount = '12345678901234567890.10',
  more = '',
}: {
  status: string;
  amount?: string;
  more?: string;
}) {
  return `{"id":"${ID}","created_at":"2026-01-05T10:00:00Z","updated_at":"2026-01-06T10:00:00Z",
    "package":7,"case_for":{"payout_destination_name":${JSON.stringify(NAME)}},"amount":${amount},
    "events":[
      {"id":1,"event":"created","case_status":"WAITING_FOR_SIGNATURE","created_at":"2026-01-05T10:00:00Z",
       "created":{"case_id":"k1","contract_url":"${LINK}"},"case":{"deep":[{"contract_url":{"href":"x"}},"see ${LINK}."]}},
      {"id":2,"event":"checked","case_status":"UNDER_MANUAL_REVIEW","created_at":"2026-01-05T12:00:00Z","error":"no answer at ${LINK}"},
      {"id":3,"event":"decided","case_status":"${status}","created_at":"2026-01-06T10:00:00Z"}${more}
    ]}`;
}

/** The texts of all files in the folder and below it, by path. */
export async function filesOf(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const paths = names.map((entry) => join(entry.parentPath, entry.name)).sort();
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
  return Object.fromEntries(paths.map((path, index) => [path.slice(folder.length + 1), texts[index] ?? '']));
}

/** The receiver checks the sums, unpacks the archive, and finds files that only their owner may read. */
export async function expectReadableByOthers(cwd: string, files: Record<string, string>): Promise<void> {
  expect(
    execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: join(cwd, 'first'), encoding: 'utf8' }),
  ).not.toContain('FAILED');
  execFileSync('unzip', ['-q', '-d', 'unpacked', 'first.zip'], { cwd });
  expect(await filesOf(join(cwd, 'unpacked', `${ACCOUNT}-${ID}`))).toEqual(files);
  for (const [path, mode] of [
    ['first', 0o40700],
    ['first.zip', 0o100600],
    ['first/index.html', 0o100600],
    ['first/tables', 0o40700],
  ] as const) {
    expect([path, (await stat(join(cwd, path))).mode]).toEqual([path, mode]);
  }
}

/** Every document is as it was returned, but for the links. */
export function expectWholeDocuments(files: Record<string, string>): void {
  const withoutLinks = (text: string) =>
    JSON.stringify(parseExact(text)).replace('{"href":"x"}', JSON.stringify(LEFT_OUT)).replaceAll(LINK, LEFT_OUT);
  const sorted = (text: string) => [...text].sort().join('');
  for (const [path, original] of [
    ['documents/0001.json', listed({ status: 'ACTIVE' })],
    ['documents/0002.json', listed({ status: 'DECLINED' })],
    ['documents/0004.json', listed({ status: 'DECLINED', amount: '1.0' })],
  ] as const) {
    const stored = JSON.stringify(parseExact(files[path] ?? ''));
    expect(JSON.parse(stored)).toEqual(JSON.parse(withoutLinks(original)));
    expect([path, sorted(stored)]).toEqual([path, sorted(withoutLinks(original))]);
  }
}

/** The page runs nothing that a name contains, and links to files that are there. */
export function expectSafePage(files: Record<string, string>): void {
  const page = files['index.html'] ?? '';
  expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
  expect(page).not.toMatch(/<img|<script|\u202e/);
  const style = /<style>(.*)<\/style>/s.exec(page)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  expect(page).toContain(
    `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
  );
  const addresses = [...page.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, address = '']) => address);
  expect(addresses.filter((address) => !address.startsWith('#') && files[address] === undefined)).toEqual([]);
}
