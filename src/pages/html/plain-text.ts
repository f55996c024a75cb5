import { type Content, html } from './html.ts';

const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' };

/**
 * The words of markup, for a terminal, so that pages and terminal have one text for one rule. Line breaks and the ends of
 * blocks begin a new line. Parts that a page folds are left out. Unsafe characters are visible as in the markup.
 */
export function plainText(content: Content): string {
  return html`${content}`.text
    .replace(/<details[ >].*?<\/details>/gs, '')
    .replace(/\s+/g, ' ')
    .replace(/<br>|<\/(?:p|h\d|div|li)>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity] ?? entity)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}
