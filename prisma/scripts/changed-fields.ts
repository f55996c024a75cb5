// npm run db:changed-fields: writes the definition of cdd.changed_fields from the columns that a run saves.
import { writeFile } from 'node:fs/promises';
import { publishedTexts } from '../../src/store/cases/sql/case-columns.ts';

/** The text of prisma/definitions/cdd/changed_fields.sql. */
export function changedFieldsText(): string {
  const earlier = publishedTexts('earlier_row');
  const rows = publishedTexts('later_row').map(
    ([column, text], index) => `('${column}', ${earlier[index]?.[1]}, ${text})`,
  );
  const isUpdate = (row: string) => row.startsWith("('updated_at'");
  return `-- Written by npm run db:changed-fields from src/store/cases/sql/case-columns.ts. Change that.
-- "begin atomic", so that Postgres can inline it into the views.
create or replace function cdd.changed_fields(
  earlier_document jsonb, earlier_fields jsonb, later_document jsonb, later_fields jsonb
)
returns table (field text, old_value text, new_value text)
language sql
stable
parallel safe
begin atomic
  select column_row.field, column_row.old_value, column_row.new_value
  from (select earlier_document, earlier_fields) as earlier_row (document, fields)
  cross join (select later_document, later_fields) as later_row (document, fields)
  cross join lateral (
    values
      ${rows.filter(isUpdate)}
    union all
    select other_row.column1, other_row.column2, other_row.column3
    from (
      values
        ${rows.filter((row) => !isUpdate(row)).join(',\n        ')}
    ) as other_row
    -- Most versions of a document differ in these two only. Three times as fast.
    where earlier_row.document - '{events,updated_at}'::text[]
      is distinct from later_row.document - '{events,updated_at}'::text[]
  ) as column_row (field, old_value, new_value)
  where column_row.old_value is distinct from column_row.new_value;
end;

comment on function cdd.changed_fields is 'The published columns of a case that differ between two of its documents, each with both values as text. fields: the document without values that are not as documented.';
`;
}

if (import.meta.main) {
  await writeFile(new URL('../definitions/cdd/changed_fields.sql', import.meta.url), changedFieldsText());
}
