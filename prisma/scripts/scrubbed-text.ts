// npm run db:scrubbed-text: writes the definition of cdd.scrubbed_text from the rules that TypeScript applies too.
import { writeFile } from 'node:fs/promises';
import { BEYOND, KEPT, MARK, MAX_LENGTH, MAX_PASSES, TAIL } from '../../src/model/scrubbed-text/patterns.ts';
import { LOOK_ALIKES, preparing, type Rule, redacting } from '../../src/model/scrubbed-text/rules.ts';

/** The text of prisma/definitions/cdd/scrubbed_text.sql. */
export function scrubbedTextText(): string {
  const prepared = replaced(`translate(scrubbed, ${LOOK_ALIKES.map(literal).join(', ')})`, preparing, 8);
  return `-- Written by npm run db:scrubbed-text from src/model/scrubbed-text/rules.ts. Change that.
create or replace function cdd.scrubbed_text(text text)
returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  scrubbed text := case
    when length(text) > ${MAX_LENGTH} then regexp_replace(left(text, ${MAX_LENGTH}), ${literal(TAIL)}, ' ${MARK}')
    else text
  end;
  earlier text;
begin
  for pass in 1..${MAX_PASSES} loop
    earlier := scrubbed;
    scrubbed := (
      select string_agg(
        ${replaced('piece.part', redacting, 8)} || coalesce(piece.kept[1], ''),
        '' order by piece.position
      )
      from (
        select
        ${prepared}
      ) as prepared (line)
      cross join lateral rows from (
        regexp_split_to_table(prepared.line, ${literal(KEPT)}),
        regexp_matches(prepared.line, ${literal(KEPT)}, 'g')
      ) with ordinality as piece (part, kept, position)
    );
    exit when scrubbed is not distinct from earlier;
  end loop;
  return scrubbed;
end
$$;

comment on function cdd.scrubbed_text is 'An error''s text without anything that looks like a name, a number, an address or a link; each is replaced by ${MARK}. Ids, error codes, status words, amounts and words in small letters stay.';
`;
}

function replaced(text: string, rules: readonly Rule[], indent: number): string {
  const spaces = ' '.repeat(indent);
  const opened = rules.map(() => 'regexp_replace(').join('');
  const applied = rules.map(
    ({ pattern, replacement, flags = 'g' }) =>
      `,\n${spaces}  ${literal(pattern)}, ${literal(replacement.replace('$1', String.raw`\1`))}, '${flags}')`,
  );
  return `${opened}\n${spaces}  ${text}${applied.join('')}`;
}

function literal(text: string): string {
  return `'${text.replaceAll(BEYOND, String.raw`\U00010000-\U0010FFFF`).replaceAll("'", "''")}'`;
}

if (import.meta.main) {
  await writeFile(new URL('../definitions/cdd/scrubbed_text.sql', import.meta.url), scrubbedTextText());
}
