import { visibleText } from '../../model/visible-text.ts';

// The template of the pages: docs/decisions/0082-templates-that-only-take-html.md.

/** Markup made by a template. No other code can create it, so text from outside never becomes markup. */
class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** Markup that is safe to send. */
export type Html = Markup;

/** The values of a template. Texts are escaped; null, undefined and false are left out. */
export type Content = Html | string | number | null | undefined | false | readonly Content[];

/**
 * Markup with every text in it escaped. Attribute values must be in quotes. Characters that hide text or change its
 * direction are shown as `\uXXXX`.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  let text = parts[0] ?? '';
  for (const [index, value] of values.entries()) text += rendered(value) + (parts[index + 1] ?? '');
  return new Markup(text);
}

/** Empty markup. */
export const nothing: Html = html``;

function rendered(value: Content): string {
  if (value instanceof Markup) return value.text;
  if (value === null || value === undefined || value === false) return '';
  if (Array.isArray(value)) return value.map(rendered).join('');
  return escaped(visibleText(String(value)));
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
