import type { Html } from './html.ts';

const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' };

/**
 * The words of markup, for a terminal: the rules for what is said of a case stand once. Line breaks and the ends of
 * blocks begin a new line. Parts that a page folds are left out.
 */
export function plainText({ text }: Html): string {
  return text
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
