import { visibleLine } from '../../model/visible-text.ts';

const MOST_OUTSIDE = 60;

/** Text of the API or the configuration, short and on one line. */
export function outside(text: string): string {
  return shortened(visibleLine(text), MOST_OUTSIDE);
}

/** The beginning of a text, with `…` if it is cut. */
export function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
