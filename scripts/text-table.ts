/** Tables in plain text. */

/** Rows with their cells padded: the first column to the left, the others to the right. */
export function alignColumns(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? [];
  return rows.map((cells) =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))),
  );
}

/** A Markdown table, aligned. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const [head = [], ...body] = alignColumns([header, ...rows]);
  const rule = head.map(({ length }, column) => (column === 0 ? '-'.repeat(length) : `${'-'.repeat(length - 1)}:`));
  return [head, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`);
}
