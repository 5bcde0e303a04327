import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';

import type { Commands } from '../../commands/types.ts';
import type { DraftKey } from '../../store/types.ts';

export interface Folder {
  readonly name: string;
  readonly inside: readonly { readonly path: string; readonly file: File }[];
}

/** Compressing these again would only cost time. */
const PACKED = /\.(?:zip|7z|gz|jpe?g|png|webp|avif|heic|gif|mp[34]|m4[av]|mov|mkv|webm|ogg|pdf|docx|xlsx|pptx|od[tsp])$/i;
/** Pieces are put together into larger ones, which the browser may keep on disk. */
const SHELVED_BYTES = 32 * 1024 * 1024;

/** Zip a folder among the uploads of a draft, then attach what came of it. */
export function zipInto(commands: Commands, draft: DraftKey, folder: Folder, attach: (files: readonly File[]) => void): void {
  const size = folder.inside.reduce((sum, { file }) => sum + file.size, 0);
  const name = `${folder.name}.zip`;
  void commands.run('carry', {
    draft, name, size,
    work: async (signal, onProgress) => {
      const file = await zipped(folder, signal, onProgress);
      attach([file]);
    },
  });
}

/** One file after the other, in pieces: neither a file nor the zip is ever whole in the page's memory. */
export async function zipped(folder: Folder, signal: AbortSignal, onProgress: (read: number) => void): Promise<File> {
  const shelf = new Shelf();
  const zip = new Zip((error, piece) => shelf.put(error, piece));
  let read = 0;
  for (const { path, file } of folder.inside) {
    const entry = PACKED.test(file.name) ? new ZipPassThrough(path) : new ZipDeflate(path, { level: 6 });
    entry.mtime = file.lastModified;
    zip.add(entry);
    const reader = file.stream().getReader();
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      signal.throwIfAborted();
      entry.push(step.value);
      read += step.value.length;
      onProgress(read);
    }
    entry.push(new Uint8Array(0), true);
  }
  zip.end();
  return new File([shelf.whole()], `${folder.name}.zip`, { type: 'application/zip' });
}

class Shelf {
  private blobs: Blob[] = [];
  private pieces: Uint8Array<ArrayBuffer>[] = [];
  private bytes = 0;
  private broken: Error | null = null;

  put(error: Error | null, piece: Uint8Array): void {
    this.broken ??= error;
    this.pieces.push(new Uint8Array(piece));
    this.bytes += piece.length;
    if (this.bytes >= SHELVED_BYTES) this.shelve();
  }

  private shelve(): void {
    this.blobs.push(new Blob(this.pieces));
    this.pieces = [];
    this.bytes = 0;
  }

  whole(): Blob {
    if (this.broken !== null) throw this.broken;
    this.shelve();
    return new Blob(this.blobs, { type: 'application/zip' });
  }
}

/** What was dropped: single files, and folders with all that is in them. */
export async function readEntries(entries: readonly FileSystemEntry[]): Promise<{ readonly files: readonly File[]; readonly folders: readonly Folder[] }> {
  const files: File[] = [];
  const folders: Folder[] = [];
  for (const entry of entries) {
    const inside = await filesOf(entry, entry.name);
    if (entry.isDirectory) folders.push({ name: entry.name, inside });
    else files.push(...inside.map(({ file }) => file));
  }
  return { files, folders };
}

async function filesOf(entry: FileSystemEntry, path: string): Promise<Folder['inside']> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ path, file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: { readonly path: string; readonly file: File }[] = [];
  // It gives a hundred at a time, and nothing at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    for (const each of some) found.push(...(await filesOf(each, `${path}/${each.name}`)));
  }
}
