import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { fileSchema } from './schema.ts';

/** The text of cdd-sync.schema.json, with which editors check and explain the configuration file. */
export function jsonSchemaText(): string {
  const schema = z.toJSONSchema(fileSchema, {
    io: 'input',
    // The newest draft that common YAML plugins support.
    target: 'draft-07',
    override: ({ jsonSchema, path }) => {
      // Zod adds the largest exact integer as maximum, which is noise in an editor.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (path.at(-1) !== 'propertyNames') allowVariable(jsonSchema);
    },
  });
  return `${JSON.stringify({ title: 'cdd-sync.yaml', ...schema }, null, 2)}\n`;
}

/** Editors see `${NAME}` before it is substituted, and must accept it. */
function allowVariable(schema: z.core.JSONSchema.BaseSchema): void {
  const { pattern, enum: choices } = schema;
  if (pattern === undefined && choices === undefined) return;
  for (const key of ['type', 'pattern', 'enum']) delete schema[key];
  const own = pattern === undefined ? { enum: choices ?? [] } : { pattern };
  schema.anyOf = [
    { type: 'string', ...own },
    { type: 'string', pattern: '\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}' },
  ];
}

if (import.meta.main) {
  await writeFile(new URL('../../cdd-sync.schema.json', import.meta.url), jsonSchemaText());
}
