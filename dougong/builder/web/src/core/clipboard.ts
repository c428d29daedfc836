/** Tables on the clipboard, as spreadsheets write and read them: tabs between cells, lines between rows. */

/** What a spreadsheet puts on the clipboard: rows of cells, quoted where a cell holds a tab, a line or a quote. */
export function readTable(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const plainText = text.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  for (let at = 0; at < plainText.length; at += 1) {
    const sign = plainText[at] as string;
    if (quoted && sign === '"' && plainText[at + 1] === '"') cell += plainText[(at += 1)];
    else if (sign === '"' && (quoted || cell === '')) quoted = !quoted;
    else if (!quoted && (sign === '\t' || sign === '\n')) {
      row.push(cell);
      cell = '';
      if (sign === '\n') rows.push(row.splice(0));
    } else cell += sign;
  }
  row.push(cell);
  return [...rows, row];
}

/** The same for the clipboard. */
export function asTable(rows: readonly string[][]): string {
  return rows.map((row) => row.map((cell) => (/["\t\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join('\t')).join('\n');
}
