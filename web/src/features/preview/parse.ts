import { readBody } from '../../store/lists/read.ts';
import type { AccountId, Address, BlobId, MessageBody } from '../../store/types.ts';
import { Batch } from '../../wire/batch.ts';
import type { RawMessage } from '../../wire/jmap-types.ts';
import type { Jmap } from '../../wire/jmap.ts';

/** A message read from a file: in no folder, without flags. */
export interface Inside {
  readonly from: readonly Address[];
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly subject: string;
  readonly sentAt: string | null;
  readonly body: MessageBody;
}

const TEXT_BYTES = 512 * 1024;
const PROPERTIES = ['from', 'to', 'cc', 'subject', 'sentAt', 'htmlBody', 'textBody', 'attachments', 'bodyValues'];
const PART = ['partId', 'blobId', 'size', 'name', 'type', 'charset', 'disposition', 'cid', 'header:Content-Type'];

/** More than this isn't sent back for the sake of its line ends. */
const MENDED_BYTES = 30e6;

/** Have the store read the message in BLOB; null where it is none (RFC 8621, 4.9). Throws WireError. */
export async function parseMail(jmap: Jmap, accountId: AccountId, blob: BlobId): Promise<Inside | null> {
  return (await parse(jmap, accountId, blob)) ?? (await parseMended(jmap, accountId, blob));
}

/** What was saved on many a system has line ends that the store doesn't take for a message's. */
async function parseMended(jmap: Jmap, accountId: AccountId, blob: BlobId): Promise<Inside | null> {
  const bytes = new Uint8Array(await jmap.bytes(accountId, blob));
  const mended = bytes.length > MENDED_BYTES ? null : withLineEnds(bytes);
  if (mended === null) return null;
  const file = new File([mended], 'message.eml', { type: 'message/rfc822' });
  const { blobId } = await jmap.upload(accountId, file, new AbortController().signal, () => undefined);
  return parse(jmap, accountId, blobId);
}

/** The message with the line ends of mail (RFC 5322 §2.3); null where it has them, or is no message. */
export function withLineEnds(bytes: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 1000));
  if (!/^(?:From [^\n]*\n)?[!-9;-~]+:/.test(head) || !/[^\r]\n/.test(head)) return null;
  const bare = (at: number) => bytes[at] === 10 && bytes[at - 1] !== 13;
  let missing = 0;
  for (let at = 0; at < bytes.length; at += 1) if (bare(at)) missing += 1;
  const mended = new Uint8Array(bytes.length + missing);
  for (let at = 0, to = 0; at < bytes.length; at += 1) {
    if (bare(at)) mended[to++] = 13;
    mended[to++] = bytes[at] ?? 0;
  }
  return mended;
}

async function parse(jmap: Jmap, accountId: AccountId, blob: BlobId): Promise<Inside | null> {
  const batch = new Batch();
  const call = batch.add('Email/parse', {
    accountId, blobIds: [blob], properties: PROPERTIES, bodyProperties: PART, fetchHTMLBodyValues: true, maxBodyValueBytes: TEXT_BYTES,
  });
  const { parsed } = (await jmap.send(batch, { background: false })).of(call);
  const raw = parsed?.[blob];
  return raw === undefined ? null : read(accountId, raw);
}

function read(account: AccountId, raw: RawMessage): Inside {
  const { from, to, cc, subject, sentAt } = raw;
  return { from: from ?? [], to: to ?? [], cc: cc ?? [], subject: subject ?? '', sentAt, body: readBody(account, raw) };
}
