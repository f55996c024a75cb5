import { progressText, writtenText } from '../../../src/cli/export/text.ts';
import { fitProse } from '../../../src/cli/terminal/wrap.ts';
import { ODD_TEXTS, testSnapshots } from '../../support/terminal-snapshots.ts';

const paths = ['cases.csv', `out/${ODD_TEXTS.wide}.parquet`, `out/${ODD_TEXTS.hostile}.csv`];

testSnapshots('export', {
  lines: ({ width }) => [
    progressText({ view: 'status_transitions', rows: 0, seconds: 2 }),
    progressText({ view: 'status_transitions', rows: 1_073_200, seconds: 36.5 }),
    ...paths.map((path, index) =>
      fitProse(writtenText({ view: 'cases', path, rows: 10 ** index, isReplaced: index > 1 }), width),
    ),
  ],
  ids: ['cases.csv', 'status_transitions'],
});
