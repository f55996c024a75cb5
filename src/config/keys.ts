import { z } from 'zod';
import { fileSchema } from './schema.ts';

// The keys of the schema, for the advice about an unknown key.

/**
 * The allowed keys of the map at a path; empty if there is no such map. In maps with a `type`, the type decides the keys:
 * `value`, the content of the file, has it. Without `value`, the keys of all types are given.
 */
export function keysAt(
  path: readonly PropertyKey[],
  schema: z.core.$ZodType = fileSchema,
  value: unknown = undefined,
): string[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) {
    return keysAt(path, schema.unwrap(), value);
  }
  if (schema instanceof z.ZodUnion) {
    const fitting = schema.options.filter((option) => isOfType(option, value));
    return [...new Set(fitting.flatMap((option) => keysAt(path, option, value)))];
  }
  const [step, ...rest] = path;
  const below =
    typeof value === 'object' && value !== null && step !== undefined ? Reflect.get(value, step) : undefined;
  if (schema instanceof z.ZodArray) return keysAt(rest, schema.element, below);
  if (schema instanceof z.ZodRecord) return keysAt(rest, schema.valueType, below);
  if (!(schema instanceof z.ZodObject)) return [];
  if (step === undefined) return Object.keys(schema.shape);
  const inner = typeof step === 'string' ? schema.shape[step] : undefined;
  return inner === undefined ? [] : keysAt(rest, inner, below);
}

/** Whether a map can have this schema, by its `type`. */
function isOfType(schema: z.core.$ZodType, value: unknown): boolean {
  const type = schema instanceof z.ZodObject ? schema.shape.type : undefined;
  if (!(type instanceof z.ZodLiteral) || typeof value !== 'object' || value === null) return true;
  return type.safeParse(Reflect.get(value, 'type')).success;
}

/** Where else in the file a key may stand, in words; the places below `path` first. */
export function placesOf(key: string, near: readonly PropertyKey[]): string[] {
  const places: [words: string, path: readonly PropertyKey[]][] = [
    ['into an entry of accounts', ['accounts', 0]],
    ['into an entry of partners', ['partners', 0]],
    ['under filters of an account', ['accounts', 0, 'filters']],
    ['under api', ['api']],
    ['under server', ['server']],
    ['into an entry of viewers of server', ['server', 'viewers', 0]],
    ['under notify', ['notify']],
    ['into an entry of channels of notify, of the right type', ['notify', 'channels', 0]],
    ['into an entry of rules of notify', ['notify', 'rules', 0]],
    ['under missingGuard', ['missingGuard']],
    ['under retention', ['retention']],
    ['under cases of retention', ['retention', 'cases']],
    ['into an entry of rules of retention.cases', ['retention', 'cases', 'rules', 0]],
    ['under reports', ['reports']],
    ['under calendar of reports', ['reports', 'calendar']],
    ['under reviews of reports', ['reports', 'reviews']],
    ['under when of a rule of reports.reviews', ['reports', 'reviews', 'rules', 0, 'when']],
    ['under a status of statusTargets', ['statusTargets', 'STATUS']],
    ['at the beginning of a line, outside of any section', []],
  ];
  const isNear = (path: readonly PropertyKey[]) => near.length > 0 && near.every((step, index) => path[index] === step);
  const possible = places.filter(([, path]) => keysAt(path).includes(key));
  return [...possible.filter(([, path]) => isNear(path)), ...possible].map(([words]) => words);
}
