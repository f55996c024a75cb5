// npm run db:documented-fields: writes the definition of cdd.documented_fields from the documented fields of a case.
import { writeFile } from 'node:fs/promises';
import {
  caseFields,
  type Documented,
  eventFields,
  type Fields,
  isList,
  MAX_STATUS_BYTES,
  type Scalar,
} from '../../src/dintero/cases/schema.ts';

/** The form of a time. Other text in place of a time may be anything, a name too. */
const TIME = String.raw`^[0-9]{4}-[0-9][0-9]-[0-9][0-9][Tt ][0-9][0-9]:[0-9][0-9](:[0-9][0-9](\.[0-9]{1,30})?)?([Zz]|[+-][0-9][0-9]:?[0-9][0-9])?$`;

/** It opens the contract to whoever has it, with all that the contract says of a person. */
const SIGNING_LINK = 'contract_url';

/** The text of prisma/definitions/cdd/documented_fields.sql. */
export function documentedFieldsText(): string {
  const event = keptObject('events_element.body', 'event_field', {
    id: 'event_field.value',
    ...keptFields(eventFields, 'event_field'),
    error: ofType('event_field.value', 'string', "to_jsonb(cdd.scrubbed_text(event_field.value #>> '{}'))"),
  });
  const document = keptObject('document', 'field', {
    id: keptScalar('string', 'field.value'),
    ...keptFields(caseFields, 'field'),
    events: elements(event, 'field.value', 'events_element'),
  });
  return `-- Written by npm run db:documented-fields from src/dintero/cases/schema.ts. Change that.
create or replace function cdd.documented_fields(document jsonb)
returns jsonb
language sql
immutable
parallel safe
return ${document};

comment on function cdd.documented_fields is 'A case''s document as it is stored with personalData: minimal: the documented fields with a value of the documented type, errors as cdd.scrubbed_text leaves them. Objects without documented fields (events[].case, case_request.details) and the signing link are left out.';
`;
}

/** The SQL of the value of each field that may be kept. */
function keptFields(fields: Fields, alias: string): Record<string, string> {
  const kept = Object.entries(fields).filter(
    ([name, documented]) => name !== SIGNING_LINK && !(isObject(documented) && Object.keys(documented).length === 0),
  );
  return Object.fromEntries(kept.map(([name, documented]) => [name, keptValue(documented, `${alias}.value`, name)]));
}

// Each of these returns an SQL expression that is null for a value that is left out.

function keptValue(documented: Documented, value: string, name: string): string {
  if (typeof documented === 'string') return keptScalar(documented, value);
  if (!isList(documented))
    return ofType(value, 'object', keptObject(value, `${name}_field`, keptFields(documented, `${name}_field`)));
  const element = documented[0];
  // One element of another type may be anything, and the rest of the list would look like the list.
  if (typeof element === 'string')
    return ofType(value, 'array', `case when ${hasOnly('string', value)} then ${value} end`);
  const kept = keptObject(`${name}_element.body`, `${name}_field`, keptFields(asFields(element), `${name}_field`));
  return ofType(
    value,
    'array',
    `case when ${hasOnly('object', value)} then ${elements(kept, value, `${name}_element`)} end`,
  );
}

function keptScalar(type: Scalar, value: string): string {
  const text = `${value} #>> '{}'`;
  if (type === 'status')
    return ofType(value, 'string', `case when octet_length(${text}) <= ${MAX_STATUS_BYTES} then ${value} end`);
  if (type === 'date-time') return ofType(value, 'string', `case when ${text} ~ '${TIME}' then ${value} end`);
  return `case when jsonb_typeof(${value}) in ('${type}', 'null') then ${value} end`;
}

function keptObject(object: string, alias: string, fields: Record<string, string>): string {
  const cases = Object.entries(fields).map(([name, value]) => `when '${name}' then ${value}`);
  return block(
    `select coalesce(jsonb_object_agg(${alias}.name, ${alias}.kept) filter (where ${alias}.kept is not null), '{}')`,
    `from (`,
    `  select`,
    `    ${alias}.name,`,
    `    case ${alias}.name`,
    ...cases.map((text) => `      ${indented(text, 6)}`),
    `    end as kept`,
    `  from jsonb_each(${object}) as ${alias} (name, value)`,
    `) as ${alias}`,
  );
}

function elements(kept: string, list: string, alias: string): string {
  return block(
    `select coalesce(jsonb_agg(${indented(kept, 2)} order by ${alias}.position), '[]')`,
    `from jsonb_array_elements(${list}) with ordinality as ${alias} (body, position)`,
  );
}

function ofType(value: string, type: string, kept: string): string {
  return [
    `case jsonb_typeof(${value})`,
    `  when 'null' then ${value}`,
    `  when '${type}' then ${indented(kept, 2)}`,
    'end',
  ].join('\n');
}

/** Strict: a lax path would look into lists that are elements. */
function hasOnly(type: string, list: string): string {
  return `not jsonb_path_exists(${list}, 'strict $[*] ? (@.type() != "${type}")')`;
}

function isObject(documented: Documented): documented is Fields {
  return typeof documented !== 'string' && !isList(documented);
}

function asFields(documented: Documented): Fields {
  if (isObject(documented)) return documented;
  throw new TypeError('a list of lists is not documented');
}

function block(...lines: string[]): string {
  return ['(', ...lines.map((line) => `  ${indented(line, 2)}`), ')'].join('\n');
}

function indented(text: string, spaces: number): string {
  return text.replaceAll('\n', `\n${' '.repeat(spaces)}`);
}

if (import.meta.main) {
  await writeFile(new URL('../definitions/cdd/documented_fields.sql', import.meta.url), documentedFieldsText());
}
