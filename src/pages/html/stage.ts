const WORDS: Readonly<Record<string, string>> = {
  applicant: 'waiting for the applicant',
  review: 'waiting for a check',
  unknown: 'unknown status',
  none: 'no status yet',
};

/** A stage of reporting.statuses in words; `none` = the case has no status. A stage of one clear word stays as it is. */
export function stageText(stage: string | null): string {
  const name = stage ?? 'none';
  return WORDS[name] ?? name;
}
