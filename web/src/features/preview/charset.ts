/** Which letters bytes mean, as well as can be told: a mark at the start, UTF-8 that holds, else Western Windows. */
export function decode(bytes: Uint8Array, declared = '', cut = false): string {
  const named = markOf(bytes) ?? (isUtf8(bytes, cut) ? 'utf-8' : declared);
  try {
    return new TextDecoder(named === '' ? 'windows-1252' : named).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function markOf(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
}

/** A cut may fall into the middle of a letter: an end that is only begun counts as whole then. */
function isUtf8(bytes: Uint8Array, cut: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut });
    return true;
  } catch {
    return false;
  }
}

/** Whether these bytes are no text at all. */
export function isBinary(bytes: Uint8Array): boolean {
  if (markOf(bytes) !== null) return false;
  return bytes.subarray(0, 4096).includes(0);
}

/** The `charset` of a type like `text/plain; charset=iso-8859-1`. */
export function declaredCharset(type: string): string {
  return /charset\s*=\s*"?([^";\s]+)/i.exec(type)?.[1] ?? '';
}
