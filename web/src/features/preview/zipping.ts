import { Zip, ZipPassThrough } from 'fflate';

/** One file to save: its name, and how to come by its bytes. */
export interface Item {
  readonly name: string;
  readonly load: (signal: AbortSignal) => Promise<ArrayBuffer>;
}

/** Names that differ, whatever a system takes for the same: `note.pdf`, `note (2).pdf`. */
export function distinct(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const at = name.lastIndexOf('.');
    const [stem, ending] = at > 0 ? [name.slice(0, at), name.slice(at)] : [name, ''];
    let tried = name;
    for (let count = 2; taken.has(tried.toLowerCase()); count += 1) tried = `${stem} (${count})${ending}`;
    taken.add(tried.toLowerCase());
    return tried;
  });
}

/** The files as one zip, fetched one after the other. What is attached is mostly packed already: it is only put together. */
export async function zipped(items: readonly Item[], signal: AbortSignal, onDone: (count: number) => void): Promise<Blob> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const zip = new Zip((error, piece) => {
    if (error !== null) throw error;
    pieces.push(piece.slice());
  });
  const names = distinct(items.map((item) => item.name));
  for (const [at, item] of items.entries()) {
    const bytes = await item.load(signal);
    const entry = new ZipPassThrough(names[at] ?? item.name);
    zip.add(entry);
    entry.push(new Uint8Array(bytes), true);
    onDone(at + 1);
  }
  zip.end();
  return new Blob(pieces, { type: 'application/zip' });
}

/** Hand a file to the browser, to be saved. */
export function offer(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  follow(url, name);
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export function follow(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}
