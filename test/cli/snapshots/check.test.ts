import { findingsText } from '../../../src/cli/check-text.ts';
import { finding } from '../../../src/store/check/finding.ts';
import { ODD_TEXTS, testSnapshots } from '../../support/terminal-snapshots.ts';

const findings = [
  finding('configuration', 'ok', '4 accounts'),
  finding('encoding', 'warning', `the database has ${ODD_TEXTS.wide} ${ODD_TEXTS.hostile}`),
  finding('rights to create schemas', 'problem', 'the role may not create schemas', [
    'grant create on database cdd to cdd_sync;',
  ]),
  finding('account P12345678', 'problem', 'AUTH: Dintero refused the client id or secret at https://api.test/v1'),
];

testSnapshots('check', { lines: (style) => findingsText(findings, style), ids: ['account P12345678'] });
