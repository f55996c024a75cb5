import { introductionLines } from '../../../src/cli/sandbox.ts';
import { testSnapshots } from '../../support/terminal-snapshots.ts';

const url = 'http://127.0.0.1:9090/v1';

testSnapshots('sandbox', {
  lines: () =>
    introductionLines(url, [
      { id: 'P12345678', name: 'Acme Norge' },
      { id: 'P11200002', name: 'Closed shop', active: false },
    ]),
  ids: [url, 'P12345678', 'P11200002'],
});
