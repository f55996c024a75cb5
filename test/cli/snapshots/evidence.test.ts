import { evidenceLines } from '../../../src/cli/evidence/text.ts';
import { ODD_TEXTS, testSnapshots } from '../../support/terminal-snapshots.ts';

const id = '0caeec5f-0000-4000-8000-000000000001';
const at = '2026-11-03T13:00:00.123456Z';
const written = {
  account_id: 'P12345678',
  case_id: id,
  known_at: at,
  made_by: null,
  folder: '/home/kari/case',
  files: 45,
  bytes: 123_456,
  zip: '/home/kari/case.zip',
  zip_bytes: 999,
  erased_at: null,
  erasure_reason: null,
  hold_reason: null,
  other_accounts: [],
};
const odd = `${ODD_TEXTS.wide} ${ODD_TEXTS.hostile}`;

testSnapshots('evidence', {
  lines: (style) => [
    ...evidenceLines(written, style),
    '',
    ...evidenceLines(
      {
        ...written,
        made_by: odd,
        folder: `/tmp/${odd}`,
        bytes: 4_500_000_000,
        zip: null,
        zip_bytes: null,
        erased_at: at,
        erasure_reason: odd,
        hold_reason: odd,
        other_accounts: ['T12345678'],
      },
      style,
    ),
  ],
  ids: [id, at],
});
