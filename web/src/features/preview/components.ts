/** Components of calendars and cards (RFC 5545 §3.6, RFC 6350) found by their lines, so that only what is shown is read. */

export interface Components {
  /** The first ones, each whole. */
  readonly first: readonly string[];
  /** How many there are. */
  readonly count: number;
  /** Lines of what is around them. */
  readonly around: readonly string[];
}

const EDGE = /^(BEGIN|END):([A-Z0-9-]{1,60})\s*$/i;

/** The components called NAME that stand inside of PATH, the first MOST of them. */
export function componentsOf(text: string, path: readonly string[], name: string, most: number): Components {
  const reader = new Reader(path, name, most);
  for (const line of text.split(/\r\n|\n|\r/)) reader.take(line);
  return reader;
}

class Reader implements Components {
  readonly first: string[] = [];
  readonly around: string[] = [];
  count = 0;
  private readonly open: string[] = [];
  private lines: string[] | null = null;

  private readonly path: readonly string[];
  private readonly name: string;
  private readonly most: number;

  constructor(path: readonly string[], name: string, most: number) {
    this.path = path;
    this.name = name;
    this.most = most;
  }

  take(line: string): void {
    const found = EDGE.exec(line);
    if (found === null) this.keep(line);
    else if (found[1]?.toUpperCase() === 'BEGIN') this.begin((found[2] ?? '').toUpperCase(), line);
    else this.end((found[2] ?? '').toUpperCase(), line);
  }

  private begin(name: string, line: string): void {
    if (this.lines === null && name === this.name && this.isInside()) this.lines = [];
    this.open.push(name);
    if (this.lines !== null) this.keep(line);
  }

  private end(name: string, line: string): void {
    if (this.lines !== null) this.keep(line);
    if (this.open.at(-1) === name) this.open.pop();
    if (this.lines === null || this.open.length > this.path.length) return;
    if (this.count < this.most) this.first.push(this.lines.join('\r\n'));
    this.count += 1;
    this.lines = null;
  }

  private keep(line: string): void {
    if (this.lines !== null && this.count < this.most) this.lines.push(line);
    else if (this.lines === null && this.isInside()) this.around.push(line);
  }

  private isInside(): boolean {
    return this.open.length === this.path.length && this.path.every((name, at) => this.open[at] === name);
  }
}
