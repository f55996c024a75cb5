// Settings that are accepted and probably not meant: the warnings of a configuration file.
import { doubtfulRetention, doubtfulReviews } from './doubtful-rules.ts';
import { doubtfulNotify } from './notify-rules.ts';
import { looseChannels, plainTextChannelSecrets } from './notify-secrets.ts';
import type { Issue } from './problems.ts';
import { looseEntries } from './rules.ts';
import { isEverySecond } from './schedule.ts';
import type { FileContent } from './schema.ts';
import { plainTextSecrets } from './secrets.ts';
import { looseViewers, plainTextTokens } from './viewer-tokens.ts';

/** `tree` is the file before its variables were replaced: it shows which secrets stand in it. */
export function doubts(tree: unknown, content: FileContent): Issue[] {
  const { reports, retention } = content;
  return [
    ...plainTextSecrets(looseEntries(tree)),
    ...plainTextTokens(looseViewers(tree)),
    ...plainTextChannelSecrets(looseChannels(tree)),
    ...uselessContracts(content),
    ...uselessFacts(content),
    ...hurriedSchedules(content),
    ...doubtfulReviews(reports.reviews, reports.facts),
    ...doubtfulRetention(retention, reports.facts),
    ...doubtfulNotify(content),
  ];
}

function uselessContracts({ personalData, accounts }: FileContent): Issue[] {
  const message = `requests data that personalData: ${personalData} does not store; remove it`;
  return accounts.flatMap(({ includeContracts }, index) =>
    includeContracts && personalData !== 'keep' ? [{ path: ['accounts', index, 'includeContracts'], message }] : [],
  );
}

function uselessFacts({ personalData, reports }: FileContent): Issue[] {
  const message = `reads events[].case, which personalData: ${personalData} does not store; it will have no value`;
  const useless = Object.entries(reports.facts).filter(([, path]) => /\bcase\b/.test(path));
  return personalData === 'keep' ? [] : useless.map(([fact]) => ({ path: ['reports', 'facts', fact], message }));
}

function hurriedSchedules({ schedule, accounts }: FileContent): Issue[] {
  const message = 'is due every second: of six fields, the first is the seconds. For every minute write "* * * * *"';
  const all = [
    { path: ['schedule'], schedule },
    ...accounts.map((account, index) => ({ path: ['accounts', index, 'schedule'], schedule: account.schedule ?? '' })),
  ];
  return all.flatMap(({ path, schedule: text }) => (isEverySecond(text) ? [{ path, message }] : []));
}
