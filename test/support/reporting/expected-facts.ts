import { factRows } from '../reference/case-facts.ts';
import type { CaseVersion } from '../reference/case-versions.ts';
import type { Row } from '../reference/row.ts';
import type { ReportSettings } from './expected-context.ts';

/** The expected rows of reporting.case_facts: those of FACT_PATHS, if they are configured. */
export function expectedFacts(versions: readonly CaseVersion[][], { reports }: ReportSettings): Row[] {
  return reports?.facts === undefined ? [] : versions.flatMap(factRows);
}
