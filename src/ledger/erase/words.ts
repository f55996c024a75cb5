import { count } from '../../model/number-text.ts';

/** Words for the kinds of removed values, one and several. */
const WORDS: Readonly<Record<string, readonly [one: string, several: string]>> = {
  names: ['name', 'names'],
  organization_numbers: ['organization number', 'organization numbers'],
  references: ['reference', 'references'],
  users: ['user id', 'user ids'],
  links: ['link', 'links'],
  details: ['object of details', 'objects of details'],
  provider_cases: ["object of the provider's", "objects of the provider's"],
  provider_references: ['id or signing link of the provider', 'ids or signing links of the provider'],
  request_ids: ['request id', 'request ids'],
  error_texts: ['error text', 'error texts'],
  other_fields: ['other value', 'other values'],
  facts: ['configured fact', 'configured facts'],
  rejected_items: ['text of a rejected item', 'texts of rejected items'],
};

/** The removed values in words: `2 names, 1 organization number`. Versions of a document count one by one. */
export function removedText(kinds: Readonly<Record<string, number>>): string {
  const parts = Object.entries(WORDS).flatMap(([kind, [one, several]]) => {
    const number = kinds[kind] ?? 0;
    return number === 0 ? [] : [`${count(number)} ${number === 1 ? one : several}`];
  });
  return parts.length === 0 ? 'nothing, because it had no personal data' : parts.join(', ');
}

/** The values that an erasure leaves. */
export const STAYS =
  'ids, statuses, times, events, products, package and country, so every report has the numbers it had';

/** Where the erased values still are. */
export const OLD_COPIES = [
  'Postgres keeps old versions of rows until its VACUUM, and backups and archived logs have them until they expire.',
  'After a restore of an older backup it must be erased again: docs/operating.md, "Erasing a case".',
] as const;
