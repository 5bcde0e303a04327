/** The keys of a copy. They live in memory alone and can't be read out of it, not even by this page. */
export interface Keys {
  readonly seal: CryptoKey;
  readonly name: CryptoKey;
}

const NONCE = 12;
const UTF8 = new TextEncoder();

/** From what the platform lends: 256 bits in hex. */
export async function keysFrom(hex: string): Promise<Keys> {
  const raw = new Uint8Array((hex.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)));
  const secret = await crypto.subtle.importKey('raw', raw, 'HKDF', false, ['deriveKey']);
  raw.fill(0);
  const derived = (info: string, algorithm: AesKeyGenParams | HmacKeyGenParams, uses: readonly KeyUsage[]) =>
    crypto.subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: UTF8.encode(info) }, secret, algorithm, false, uses);
  return {
    seal: await derived('casier seal', { name: 'AES-GCM', length: 256 }, ['encrypt', 'decrypt']),
    name: await derived('casier name', { name: 'HMAC', hash: 'SHA-256', length: 256 }, ['sign']),
  };
}

/** VALUE for one PLACE: moved to another it can't be opened. */
export async function seal({ seal: key }: Keys, place: string, value: unknown): Promise<Uint8Array<ArrayBuffer>> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE));
  const text = UTF8.encode(JSON.stringify(value));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: UTF8.encode(place) }, key, text);
  const whole = new Uint8Array(NONCE + sealed.byteLength);
  whole.set(iv);
  whole.set(new Uint8Array(sealed), NONCE);
  return whole;
}

/** What was sealed there; undefined when these keys don't open it. */
export async function unseal({ seal: key }: Keys, place: string, sealed: Uint8Array<ArrayBuffer>): Promise<unknown> {
  try {
    const open = { name: 'AES-GCM', iv: sealed.subarray(0, NONCE), additionalData: UTF8.encode(place) };
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(open, key, sealed.subarray(NONCE)))) as unknown;
  } catch {
    return undefined;
  }
}

/** A name that tells nothing: addresses and ids don't stand on the disk either. */
export async function hidden({ name: key }: Keys, name: string): Promise<string> {
  const signed = new Uint8Array(await crypto.subtle.sign('HMAC', key, UTF8.encode(name)));
  return btoa(String.fromCharCode(...signed.subarray(0, 18)));
}
