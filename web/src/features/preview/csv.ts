const MOST_COLUMNS = 200;

/** Rows and cells of a table in text; French programs part cells by semicolons, others by commas or tabs. */
export function readTable(text: string, given?: string): readonly (readonly string[])[] {
  const part = given ?? separatorOf(text);
  const reader = new Reader();
  // What is in quotes, with its quotes doubled; else up to the next sign that means something.
  for (const [piece] of text.matchAll(/"(?:[^"]|"")*"?|[;,\t]|\r?\n|\r|[^";,\t\r\n]+/g)) {
    if (piece === part) reader.endCell();
    else if (/^[\r\n]/.test(piece)) reader.endRow();
    else reader.add(piece);
  }
  reader.endRow();
  return reader.rows;
}

class Reader {
  readonly rows: string[][] = [];
  private row: string[] = [];
  private cell = '';

  add(piece: string): void {
    const quoted = this.cell === '' && piece.startsWith('"');
    this.cell += quoted ? piece.replace(/^"|"$/g, '').replaceAll('""', '"') : piece;
  }

  endCell(): void {
    if (this.row.length < MOST_COLUMNS) this.row.push(this.cell);
    this.cell = '';
  }

  endRow(): void {
    this.endCell();
    if (this.row.length > 1 || this.row[0] !== '') this.rows.push(this.row);
    this.row = [];
  }
}

function separatorOf(text: string): string {
  const line = text.slice(0, 4096).split('\n', 1)[0] ?? '';
  const counted = [';', ',', '\t'].map((sign) => [sign, line.split(sign).length] as const);
  return counted.reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}
