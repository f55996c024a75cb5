import { alreadyErasedLines, erasedLines, heldText, keptText, wouldEraseLines } from '../../../src/cli/erase/text.ts';
import { wrap } from '../../../src/cli/terminal/wrap.ts';
import { ODD_TEXTS, testSnapshots } from '../../support/terminal-snapshots.ts';

const key = { accountId: 'P12345678', caseId: '0caeec5f-4b1c-4b0e-8f8e-6a1d2c3b4a59' };
const clock = { now: new Date('2026-11-03T13:05:00Z'), timezone: 'Europe/Oslo' };
const erasedAt = '2026-11-03 13:00:00.123456+00';
const kinds = { names: 4, organization_numbers: 1, provider_cases: 12, error_texts: 1, other_fields: 3 };
const receipt = { erasedAt, kinds, digest: Buffer.alloc(32), linkNumber: 212 };
const otherAccounts = ['P11200001', 'T12345678'];

testSnapshots('erase', {
  lines: (style) => {
    const shown = { key, clock, style };
    const removed = {
      kinds,
      isBeforeTime: false,
      hasEnded: true,
      keptUntil: erasedAt,
      otherAccounts: [],
      holdingAccounts: [],
    };
    const hold = { heldAt: clock.now, reason: `${ODD_TEXTS.wide} ${ODD_TEXTS.hostile}`, heldBy: ODD_TEXTS.hostile };
    return [
      ...erasedLines({ kind: 'erased', ...removed, receipt, otherAccounts }, shown),
      '',
      ...wouldEraseLines({ kind: 'wouldErase', ...removed }, shown),
      '',
      ...wouldEraseLines(
        { kind: 'wouldErase', ...removed, isBeforeTime: true, keptUntil: '2031-01-01 00:00:00+00' },
        shown,
      ),
      ...wouldEraseLines(
        { kind: 'wouldErase', ...removed, isBeforeTime: true, hasEnded: false, keptUntil: null, kinds: {} },
        shown,
      ),
      '',
      ...alreadyErasedLines({ kind: 'alreadyErased', erasedAt }, shown),
      '',
      ...wrap(heldText({ kind: 'held', hold }, shown), style.width),
      '',
      ...wrap(keptText({ kind: 'kept', hasEnded: false, keptUntil: null }, shown), style.width),
      ...wrap(keptText({ kind: 'kept', hasEnded: true, keptUntil: null }, shown), style.width),
      ...wrap(keptText({ kind: 'kept', hasEnded: true, keptUntil: '2031-01-01 00:00:00+00' }, shown), style.width),
    ];
  },
  ids: [`cdd-sync erase --case P11200001/${key.caseId}`, `cdd-sync show erasures --where case_id=${key.caseId}`],
});
