import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { jsonSchemaText } from '../../src/config/json-schema.ts';

test('the committed schema is current; `npm run config:schema` updates it', async () => {
  const committed = await readFile(new URL('../../cdd-sync.schema.json', import.meta.url), 'utf8');
  expect(committed).toBe(jsonSchemaText());
});

const node: z.ZodType<Node> = z.looseObject({
  description: z.string().optional(),
  get properties() {
    return z.record(z.string(), node).optional();
  },
  get items() {
    return node.optional();
  },
});
type Node = {
  description?: string | undefined;
  properties?: Record<string, Node> | undefined;
  items?: Node | undefined;
};

function undescribed({ properties = {}, items }: Node, path: string): string[] {
  const below = Object.entries(properties).flatMap(([key, inner]) => [
    ...(inner.description === undefined ? [`${path}.${key}`] : []),
    ...undescribed(inner, `${path}.${key}`),
  ]);
  return items === undefined ? below : [...below, ...undescribed(items, `${path}[]`)];
}

test('every key is described', () => {
  expect(undescribed(node.parse(JSON.parse(jsonSchemaText())), '')).toEqual([]);
});

/** The keys that have a value of their own; those of a list's items without the list's name. */
function keysOf({ properties = {} }: Node, path = ''): string[] {
  return Object.entries(properties).flatMap(([name, inner]) => {
    const key = path === '' ? name : `${path}.${name}`;
    if (inner.items?.properties !== undefined) return [key, ...keysOf(inner.items)];
    return inner.properties === undefined ? [key] : keysOf(inner, key);
  });
}

test('docs/configuration.md has a row for every key', async () => {
  const page = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| (`[^|]+) \|/gm)].map(([, cell = '']) => cell);
  const keys = keysOf(node.parse(JSON.parse(jsonSchemaText())));
  expect(keys.length).toBeGreaterThan(30);
  expect(
    keys.filter((key) => !rows.some((cell) => cell.includes(`\`${key}\``) || cell.includes(`\`${key}.STATUS`))),
  ).toEqual([]);
});

const editor = z.fromJSONSchema(JSON.parse(jsonSchemaText()));
const marks = (yaml: string) => !editor.safeParse(parse(yaml)).success;

test('an editor accepts the example once its places are filled in', async () => {
  const example = await readFile(new URL('../../cdd-sync.example.yaml', import.meta.url), 'utf8');
  const filledIn = example.replace('- id: #', '- id: P12345678 #').replace('clientId: #', 'clientId: acme #');
  expect(editor.safeParse(parse(filledIn)).error?.issues ?? []).toEqual([]);
  expect(marks(example)).toBe(true);
});

test.each([
  'personalData: ${MODE}',
  'api: { baseUrl: "${URL}/v1" }',
  'partners: [{ id: "${ID}", clientId: "${X}", clientSecret: "${Y}", audience: "${WHOSE}" }]',
  'accounts: [{ id: "T${NUMBER}", partner: "${PARTNER}", filters: { caseStatus: ["${STATUS}"] } }]',
])('an editor accepts a variable in %s', (yaml) => {
  expect(marks(yaml)).toBe(false);
});

test.each([
  'personaldata: drop',
  'personalData: none',
  'concurrency: 0',
  'accounts: [{ id: P1234567 }]',
  'accounts: [{ clientId: acme }]',
  'accounts: [{ id: P12345678, filters: { caseStatus: [active] } }]',
  'statusTargets: { "${STATUS}": 48 }',
])('an editor reports an error in %s', (yaml) => {
  expect(marks(yaml)).toBe(true);
});
