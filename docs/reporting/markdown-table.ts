type Heading = { name: string; isNumber?: boolean };

/** A table in Markdown that can be read as text too: numbers to the right, what is null empty. */
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

/** A line of a table may hold neither the sign that ends a cell nor a new line. */
function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
