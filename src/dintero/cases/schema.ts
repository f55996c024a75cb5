import { z } from 'zod';
import { parseTime } from './timestamps.ts';

const text = z.string('expected a string').nullish();
const texts = listOf(z.string('expected a string')).nullish();
/** Transforms to microseconds. */
const time = z
  .string('expected an RFC 3339 date-time')
  .transform((value, context) => {
    const micros = parseTime(value);
    if (micros !== null) return micros;
    context.addIssue('expected an RFC 3339 date-time');
    return z.NEVER;
  })
  .nullish();

/** Statuses are a primary key, and an index entry must fit into a third of a page. */
const MAX_STATUS_LENGTH = 512;
const status = z
  .string('expected a string')
  .max(MAX_STATUS_LENGTH, `expected a string of at most ${MAX_STATUS_LENGTH} characters`)
  .nullish();

// Beyond 2^53 two different ids can become the same number.
const eventId = z.int('expected an integer below 2^53');

const event = z.object(
  {
    id: eventId,
    request_id: text,
    event: text,
    created_at: time,
    case_status: status,
    error: text,
    created: z.object({ case_id: text, contract_url: text }, 'expected an object').nullish(),
  },
  'expected an object',
);

/** The item's `id`: a uuid of any version. */
export const caseId = z
  .string('expected a uuid')
  .regex(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i, 'expected a uuid');

/** The identity of a case and its events. */
export const identitySchema = z.object(
  { id: caseId, events: listOf(z.object({ id: eventId }, 'expected an object')) },
  'expected an object',
);

/**
 * The fields of an item that are needed for its identity or have a column in a table. Other fields can be anything and
 * are not in the result. Absent and null mean the same.
 */
export const itemSchema = z.object(
  {
    case_for: z
      .object(
        {
          account_id: text,
          payout_destination_id: text,
          payout_destination_name: text,
          payout_destination_description: text,
          payout_reference: text,
        },
        'expected an object',
      )
      .nullish(),
    products: texts,
    case_request: z
      .object(
        {
          checks: texts,
          countryCode: text,
          organizationNumber: text,
          requireContractSigning: z.boolean('expected a boolean').nullish(),
          referenceId: text,
        },
        'expected an object',
      )
      .nullish(),
    account_id: text,
    events: listOf(event),
    id: caseId,
    created_at: time,
    created_by: text,
    updated_at: time,
    deleted_by: text,
    deleted_at: time,
    package: text,
    actions_on_approval: texts,
    payment_options: z.array(z.unknown(), 'expected an array').nullish(),
  },
  'expected an object',
);

/**
 * An array schema that stops at the first invalid element. `z.array` keeps an issue for each, so an item of a few
 * megabytes with nothing but invalid elements would take gigabytes of memory.
 */
function listOf<T extends z.ZodType>(element: T) {
  return z.array(z.unknown(), 'expected an array').transform((values, context) => {
    const list: z.output<T>[] = [];
    for (const [index, value] of values.entries()) {
      const parsed = element.safeParse(value);
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        const path = [index, ...(issue?.path ?? [])];
        context.addIssue({ code: 'custom', message: issue?.message ?? 'expected something else', path });
        return z.NEVER;
      }
      list.push(parsed.data);
    }
    return list;
  });
}
