import type { EmailId, ThreadId } from '../../wire/ids.ts';

/**
 * Who reads message by message sees lists of messages, not of conversations. There each message stands alone: it bears
 * the name of a conversation that holds nothing else, and whatever works on conversations works on it. No name of the
 * server's begins so.
 */
const MARK = '=';

export function aloneThread(email: EmailId): ThreadId {
  return `${MARK}${email}` as ThreadId;
}

/** The one message of such a conversation; null for a real one. */
export function aloneEmail(thread: ThreadId): EmailId | null {
  return thread.startsWith(MARK) ? (thread.slice(MARK.length) as EmailId) : null;
}
