import type { PersonalData } from '../../model/personal-data.ts';
import type { Database } from '../postgres/pool.ts';
import { type Facts, type InvalidPath, invalidPaths, invalidPathText } from '../reports/fact-settings.ts';
import { type Finding, finding } from './finding.ts';

const CHECK = 'facts';

type FactSettings = { facts: Facts; personalData: PersonalData };

/** Checks the paths of reports.facts, and tells of facts that could not be read. Without facts there is no finding. */
export async function checkFacts(database: Database, { facts, personalData }: FactSettings): Promise<Finding[]> {
  if (Object.keys(facts).length === 0) return [];
  const invalid = await invalidPaths(database, facts);
  return [
    ...invalid.map(invalidFinding),
    ...(personalData === 'keep' ? [] : droppedFindings(facts, personalData)),
    ...(await unreadableFindings(database, facts)),
  ];
}

function invalidFinding({ fact, message }: InvalidPath): Finding {
  return finding(CHECK, 'problem', `reports.facts.${fact} ${invalidPathText(message)}`);
}

function droppedFindings(facts: Facts, personalData: PersonalData): Finding[] {
  return Object.entries(facts)
    .filter(([, path]) => /\bcase\b/.test(path))
    .map(([fact]) =>
      finding(
        CHECK,
        'warning',
        `reports.facts.${fact} names case, and personalData: ${personalData} stores no events[].case`,
      ),
    );
}

async function unreadableFindings(database: Database, facts: Facts): Promise<Finding[]> {
  const problems = await database.$queryRaw<{ fact: string; problem: string; cases: number }[]>`
    select fact, problem, count(*)::integer as cases
    from cdd.case_facts
    where superseded_at is null and problem is not null and fact = any(${Object.keys(facts)}::text[])
    group by fact, problem
    order by fact, cases desc, problem`;
  const [reading] = await database.$queryRaw<{ isDone: boolean }[]>`select is_done as "isDone" from cdd.fact_reading`;
  const findings = problems.map(({ fact, problem, cases }) =>
    finding(CHECK, 'warning', `reports.facts.${fact}: ${problem} (cases: ${cases})`),
  );
  if (reading?.isDone === false) {
    findings.push(finding(CHECK, 'warning', 'not all cases were read since reports.facts changed; runs go on with it'));
  }
  return findings.length > 0 ? findings : [finding(CHECK, 'ok', 'every fact has a value')];
}
