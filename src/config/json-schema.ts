import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { fileSchema } from './schema.ts';

/** cdd-sync.schema.json as text: what editors check and explain the configuration file with. */
export function jsonSchemaText(): string {
  const schema = z.toJSONSchema(fileSchema, {
    io: 'input',
    // The newest that every editor's YAML plugin reads.
    target: 'draft-07',
    override: ({ jsonSchema, path }) => {
      // Zod's bound of what a double holds exactly: true, but noise in an editor.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (path.at(-1) !== 'propertyNames') allowVariable(jsonSchema);
    },
  });
  return `${JSON.stringify({ title: 'cdd-sync.yaml', ...schema }, null, 2)}\n`;
}

/** The file's values are checked once variables are put in; the editor sees the ${NAME}, and must not mark it. */
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
