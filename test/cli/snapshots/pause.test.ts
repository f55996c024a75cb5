import { alreadyPausedLines, pausedLines, resumedLines } from '../../../src/cli/pause/text.ts';
import { ODD_TEXTS, testSnapshots } from '../../support/terminal-snapshots.ts';

const id = 'P12345678';
const at = (time: string) => new Date(`2026-11-03T${time}Z`);
const clock = { now: at('13:05:00'), timezone: 'Europe/Oslo' };
const pause = { accountId: id, since: at('13:00:00'), reason: `${ODD_TEXTS.wide} ${ODD_TEXTS.hostile}` };
const account = { id, enabled: false, pause: null, runningSince: at('12:59:00') };

testSnapshots('pause', {
  lines: (style) => [
    ...pausedLines(pause, { account, clock, style }),
    '',
    ...alreadyPausedLines(pause, { clock, style }),
    '',
    ...resumedLines(pause, { account, clock, style }),
    ...resumedLines(pause, { account: { ...account, enabled: true }, clock, style }),
  ],
  ids: [id],
});
