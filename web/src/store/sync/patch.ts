import type { EmailId, MailboxId, ThreadId } from '../../wire/ids.ts';
import type { Flags } from '../../wire/jmap-types.ts';

/** What is changed of a message: only what is named. Applying it twice is applying it once, so it may be sent again. */
export interface Patch {
  readonly keywords?: Readonly<Record<string, boolean>>;
  readonly mailboxIds?: Readonly<Record<MailboxId, boolean>>;
  /** When the store itself brings the message back; null when it doesn't. */
  readonly snoozed?: Snoozed | null;
}

/** Cyrus's own: at `until` it moves the message and sets these keywords, whether anyone is signed in or not. */
export interface Snoozed {
  readonly until: string;
  readonly moveToMailboxId: MailboxId;
  readonly setKeywords: Readonly<Record<string, boolean>>;
}

export interface Patchable {
  readonly id: EmailId;
  readonly threadId: ThreadId;
  readonly mailboxIds: Flags<MailboxId>;
  readonly keywords: Flags<string>;
}

function patchFlags<Key extends string>(flags: Flags<Key>, change: Readonly<Record<string, boolean>> | undefined): Flags<Key> {
  if (change === undefined) return flags;
  const patched = new Map<string, true>(Object.keys(flags).map((key) => [key, true]));
  for (const [key, on] of Object.entries(change)) {
    if (on) patched.set(key, true);
    else patched.delete(key);
  }
  return Object.fromEntries(patched) as Flags<Key>;
}

export function applyPatch<Email extends Patchable>(email: Email, patch: Patch): Email {
  return {
    ...email,
    keywords: patchFlags(email.keywords, patch.keywords),
    mailboxIds: patchFlags(email.mailboxIds, patch.mailboxIds),
  };
}

/** The later one wins where both say something. */
export function mergePatches(earlier: Patch, later: Patch): Patch {
  return {
    keywords: { ...earlier.keywords, ...later.keywords },
    mailboxIds: { ...earlier.mailboxIds, ...later.mailboxIds },
    ...snoozedOf(later.snoozed === undefined ? earlier : later),
  };
}

function snoozedOf({ snoozed }: Patch): Pick<Patch, 'snoozed'> {
  return snoozed === undefined ? {} : { snoozed };
}

function inverseFlags(flags: Flags<string>, change: Readonly<Record<string, boolean>> | undefined): Record<string, boolean> {
  return Object.fromEntries(Object.keys(change ?? {}).map((key) => [key, flags[key] === true]));
}

/** The patch that brings a message back to what it is now. */
export function inversePatch(email: Patchable, patch: Patch): Patch {
  return {
    keywords: inverseFlags(email.keywords, patch.keywords),
    mailboxIds: inverseFlags(email.mailboxIds, patch.mailboxIds),
    ...(patch.snoozed === undefined ? {} : { snoozed: null }),
  };
}

/** As `Email/set` wants it: one path for each flag (RFC 8620 §5.3). */
export function patchPaths(patch: Patch): Record<string, true | null | Snoozed> {
  const paths: Record<string, true | null | Snoozed> = snoozedOf(patch);
  for (const [property, flags] of [['keywords', patch.keywords], ['mailboxIds', patch.mailboxIds]] as const) {
    for (const [key, on] of Object.entries(flags ?? {})) {
      paths[`${property}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`] = on ? true : null;
    }
  }
  return paths;
}
