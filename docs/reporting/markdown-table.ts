type Heading = { name: string; isNumber?: boolean };

/** A Markdown table that is readable as text too: numbers to the right, null as an empty cell. */
export function markdownTable(headings: readonly Heading[], rows: readonly (string | null)[][]): string {
  const cells = [headings.map(({ name }) => name), ...rows.map((row) => row.map((value) => escaped(value ?? '')))];
  const widths = headings.map((_, column) => Math.max(3, ...cells.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((text, column) => padded(text, widths[column] ?? 0, headings[column]?.isNumber === true)).join(' | ')} |`;
  const rule = headings.map(({ isNumber }, column) => {
    const dashes = '-'.repeat((widths[column] ?? 0) + 1);
    return isNumber ? `${dashes}:` : ` ${dashes.slice(1)} `;
  });
  const [head = [], ...body] = cells;
  return [line(head), `|${rule.join('|')}|`, ...body.map(line)].join('\n');
}

function padded(text: string, width: number, isNumber: boolean): string {
  return isNumber ? text.padStart(width) : text.padEnd(width);
}

/** A cell must contain neither `|` nor a line break. */
function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
