import { Prisma } from '../generated/client.ts';

/** A name as a part of a statement: names cannot be parameters. */
export function identifier(name: string): Prisma.Sql {
  return Prisma.raw(quoted(name));
}

/** A name as SQL has it, in quotation marks. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL has it, whatever standard_conforming_strings is. */
export function literal(text: string): string {
  const escaped = text.replaceAll("'", "''");
  return text.includes('\\') ? `E'${escaped.replaceAll('\\', '\\\\')}'` : `'${escaped}'`;
}
