import { alreadyHeldLines, heldLines, notHeldLines, releasedLines } from '../../../src/cli/hold/text.ts';
import { ODD_TEXTS, testSnapshots } from '../../support/terminal-snapshots.ts';

const key = { accountId: 'P12345678', caseId: '0caeec5f-4b1c-4b0e-8f8e-6a1d2c3b4a59' };
const at = (time: string) => new Date(`2026-11-03T${time}Z`);
const clock = { now: at('13:05:00'), timezone: 'Europe/Oslo' };
const hold = { heldAt: at('13:00:00'), reason: `${ODD_TEXTS.wide} ${ODD_TEXTS.hostile}`, heldBy: ODD_TEXTS.hostile };
const kept = { state: 'kept', keepUntil: new Date('2031-11-03T12:00:00Z'), unheldAccounts: [] };

testSnapshots('hold', {
  lines: (style) => {
    const shown = { key, clock, style };
    return [
      ...heldLines(hold, { ...kept, unheldAccounts: ['P11200001', 'T12345678'] }, shown),
      '',
      ...alreadyHeldLines(hold, shown),
      '',
      ...releasedLines(hold, kept, shown),
      ...releasedLines(hold, { ...kept, state: 'due', keepUntil: at('10:00:00') }, shown),
      ...releasedLines(hold, { ...kept, state: 'active', keepUntil: null }, shown),
      ...releasedLines(hold, { ...kept, keepUntil: null }, shown),
      '',
      ...notHeldLines(shown),
    ];
  },
  ids: [`cdd-sync release ${key.accountId}/${key.caseId} --reason TEXT`, 'P11200001', 'T12345678'],
});
