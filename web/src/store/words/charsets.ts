import type { BlobId } from '../../wire/ids.ts';
import type { RawBodyValue, RawMessage, RawPart } from '../../wire/jmap-types.ts';
import { WireError } from '../../wire/problems.ts';

/** What a decoder puts where bytes make no character. */
const LOST = '\ufffd';
/** Labels that say nothing: many programs write them over any bytes. */
const EMPTY_LABELS: ReadonlySet<string> = new Set(['', 'us-ascii', 'ascii', 'unknown-8bit', 'x-unknown', 'utf-8', 'utf8']);
/** So many bytes of an HTML page may hold the name of its charset. */
const HEAD_BYTES = 1_024;

type Texts = RawMessage['bodyValues'];
type WithTexts = Partial<Pick<RawMessage, 'bodyValues' | 'htmlBody' | 'textBody'>>;

/**
 * The texts of a message with those read again that the server couldn't decode: a part without a charset, or with a
 * wrong one. Null when nothing is to be mended or nothing could be.
 */
export async function mendedTexts(message: WithTexts, bytesOf: (blob: BlobId) => Promise<ArrayBuffer>): Promise<Texts | null> {
  const { bodyValues = {}, htmlBody = [], textBody = [] } = message;
  const parts = new Map([...textBody, ...htmlBody].map((part) => [part.partId, part]));
  const mended: Record<string, RawBodyValue> = {};
  for (const [id, value] of Object.entries(bodyValues)) {
    const part = parts.get(id);
    if (part?.blobId == null || !value.value.includes(LOST)) continue;
    const text = await reread(part, part.blobId, bytesOf);
    if (text !== null) mended[id] = { value: cutLike(text, value), isEncodingProblem: false, isTruncated: value.isTruncated };
  }
  return Object.keys(mended).length === 0 ? null : { ...bodyValues, ...mended };
}

async function reread(part: RawPart, blob: BlobId, bytesOf: (blob: BlobId) => Promise<ArrayBuffer>): Promise<string | null> {
  try {
    return decodeText(new Uint8Array(await bytesOf(blob)), part.charset ?? '', part.type);
  } catch (caught) {
    if (caught instanceof WireError) return null;
    throw caught;
  }
}

/** A text that was cut stays as short: the whole is asked for by a button. */
function cutLike(text: string, { value, isTruncated }: RawBodyValue): string {
  return isTruncated ? text.slice(0, value.length) : text;
}

/**
 * Read a text by what its bytes are: UTF-8 where they are that, else the charset that the part or its HTML names, else
 * Windows-1252, in which French was written by programs that named none. Null when even so a character is lost.
 */
export function decodeText(bytes: Uint8Array, label: string, type: string): string | null {
  const named = type === 'text/html' ? [label, charsetOfPage(bytes)] : [label];
  const tried = ['utf-8', ...named.map((name) => name.toLowerCase()).filter((name) => !EMPTY_LABELS.has(name)), 'windows-1252'];
  for (const name of tried) {
    const text = decodedAs(bytes, name);
    if (text !== null) return text.replaceAll('\r\n', '\n');
  }
  return null;
}

function decodedAs(bytes: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    // Not these bytes, or not a charset that browsers know.
    return null;
  }
}

function charsetOfPage(bytes: Uint8Array): string {
  const head = new TextDecoder('windows-1252').decode(bytes.subarray(0, HEAD_BYTES));
  return /<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(head)?.[1] ?? '';
}
