/** What is in a zip, from its directory at the end: nothing is unpacked. */
export interface Entry {
  readonly name: string;
  readonly size: number;
  readonly folder: boolean;
  readonly encrypted: boolean;
}

export interface Listing {
  readonly entries: readonly Entry[];
  readonly count: number;
  readonly size: number;
}

/** Bytes of the file from one place to another (the last not included). */
export type Slice = (from: number, to: number) => Promise<Uint8Array>;

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const END_BYTES = 22;
const SLASH = 0x2f;
const ENTRY_BYTES = 46;
const LONGEST_COMMENT = 65_535;
const MOST_DIRECTORY = 16e6;
export const MOST_ENTRIES = 2_000;
/** The letters of Windows in French before it wrote UTF-8 (code page 850), from 0x80 on. */
const CP850 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0';

/** Null where there is no directory. */
export async function listZip(size: number, slice: Slice): Promise<Listing | null> {
  const tailFrom = Math.max(0, size - END_BYTES - LONGEST_COMMENT);
  const tail = await slice(tailFrom, size);
  const end = findEnd(tail);
  if (end === null || end.bytes > MOST_DIRECTORY || end.from + end.bytes > size) return null;
  const inTail = end.from >= tailFrom;
  const directory = inTail ? tail.subarray(end.from - tailFrom, end.from - tailFrom + end.bytes) : await slice(end.from, end.from + end.bytes);
  return readDirectory(directory);
}

function findEnd(tail: Uint8Array): { readonly from: number; readonly bytes: number } | null {
  const view = viewOf(tail);
  for (let at = tail.length - END_BYTES; at >= 0; at -= 1) {
    if (view.getUint32(at, true) === END) return { bytes: view.getUint32(at + 12, true), from: view.getUint32(at + 16, true) };
  }
  return null;
}

function readDirectory(directory: Uint8Array): Listing {
  const view = viewOf(directory);
  const entries: Entry[] = [];
  let [at, count, size] = [0, 0, 0];
  while (at + ENTRY_BYTES <= directory.length && view.getUint32(at, true) === ENTRY) {
    const flags = view.getUint16(at + 8, true);
    const bytes = view.getUint32(at + 24, true);
    const [nameBytes, extraBytes, commentBytes] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true), view.getUint16(at + 32, true)];
    const named = directory.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes);
    const folder = named.at(-1) === SLASH;
    if (!folder) {
      count += 1;
      size += bytes;
    }
    if (entries.length < MOST_ENTRIES) entries.push({ name: nameOf(named, (flags & 0x800) !== 0), size: bytes, folder, encrypted: (flags & 1) !== 0 });
    at += ENTRY_BYTES + nameBytes + extraBytes + commentBytes;
  }
  return { entries, count, size };
}

function nameOf(bytes: Uint8Array, utf8: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: !utf8 }).decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : (CP850[byte - 0x80] ?? '\ufffd'))).join('');
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
