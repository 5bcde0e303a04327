import { readBody } from '../../store/read.ts';
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
const PART = ['partId', 'blobId', 'size', 'name', 'type', 'charset', 'disposition', 'cid'];

/** Have the store read the message in BLOB; null where it is none (RFC 8621, 4.9). Throws WireError. */
export async function parseMail(jmap: Jmap, accountId: AccountId, blob: BlobId): Promise<Inside | null> {
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
