import type { Address, BlobId, EmailId, MailboxId, ThreadId } from '../wire/ids.ts';
import type { RawBodyValue, RawMailbox, RawPart } from '../wire/jmap-types.ts';

export interface StoredEmail {
  id: EmailId;
  threadId: ThreadId;
  blobId: BlobId;
  mailboxIds: Record<MailboxId, true>;
  keywords: Record<string, true>;
  from: readonly Address[] | null;
  sender: readonly Address[] | null;
  replyTo: readonly Address[] | null;
  to: readonly Address[] | null;
  cc: readonly Address[] | null;
  bcc: readonly Address[] | null;
  subject: string | null;
  preview: string;
  receivedAt: string;
  sentAt: string | null;
  size: number;
  messageId: readonly string[] | null;
  inReplyTo: readonly string[] | null;
  references: readonly string[] | null;
  htmlBody: readonly RawPart[];
  textBody: readonly RawPart[];
  attachments: readonly RawPart[];
  bodyValues: Record<string, RawBodyValue>;
  created: number;
  updated: number;
}

export interface StoredMailbox {
  id: MailboxId;
  name: string;
  parentId: MailboxId | null;
  role: string | null;
  created: number;
  updated: number;
  counted: number;
}

interface Gone {
  readonly id: string;
  readonly at: number;
}

const RIGHTS = {
  mayReadItems: true, mayAddItems: true, mayRemoveItems: true, maySetSeen: true, maySetKeywords: true,
  mayCreateChild: true, mayRename: true, mayDelete: true, maySubmit: true,
};

export interface NewMail {
  readonly mailbox?: string;
  readonly from?: Address;
  readonly to?: readonly Address[];
  readonly subject?: string;
  readonly text?: string;
  readonly html?: string;
  readonly receivedAt?: string;
  readonly thread?: ThreadId;
  readonly keywords?: readonly string[];
  readonly attachments?: readonly { readonly name: string; readonly type: string; readonly size: number }[];
}

function usual(number: number): Required<Omit<NewMail, 'html'>> {
  return {
    mailbox: 'inbox', thread: `T${number}` as ThreadId, keywords: [], attachments: [], subject: `Sujet ${number}`,
    from: { name: 'Marie Lefèvre', email: 'marie.lefevre@ac-rouen.fr' },
    to: [{ name: 'Paul Martin', email: 'paul.martin@ac-rouen.fr' }],
    text: `Texte du message ${number}.`,
    receivedAt: new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString().replace('.000', ''),
  };
}

/** What a mail store holds, with a number for each change, as Cyrus keeps it. */
export class MockMailboxes {
  readonly emails = new Map<EmailId, StoredEmail>();
  readonly mailboxes = new Map<MailboxId, StoredMailbox>();
  readonly goneEmails: Gone[] = [];
  readonly goneMailboxes: Gone[] = [];
  /** Changes before this one are forgotten: asking for them can't be answered. */
  oldest = 0;
  modseq = 1;
  private next = 1;

  constructor() {
    const roles: readonly (readonly [string, string | null])[] = [
      ['Inbox', 'inbox'], ['Drafts', 'drafts'], ['Sent', 'sent'], ['Archive', 'archive'], ['Junk', 'junk'], ['Trash', 'trash'],
      ['Conseils de classe', null],
    ];
    for (const [name, role] of roles) this.addMailbox(name, role, null);
  }

  number(): number {
    this.next += 1;
    return this.next;
  }

  addMailbox(name: string, role: string | null, parentId: MailboxId | null): MailboxId {
    const id = `F${this.number()}` as MailboxId;
    this.modseq += 1;
    this.mailboxes.set(id, { id, name, role, parentId, created: this.modseq, updated: this.modseq, counted: this.modseq });
    return id;
  }

  mailbox(roleOrName: string): MailboxId {
    const found = [...this.mailboxes.values()].find(({ role, name }) => role === roleOrName || name === roleOrName);
    if (found === undefined) throw new Error(`no mailbox ${roleOrName}`);
    return found.id;
  }

  /** A message arrives. */
  deliver(given: NewMail = {}): StoredEmail {
    const number = this.number();
    const mail = { ...usual(number), ...given };
    const { text } = mail;
    const part = (partId: string, type: string): RawPart => ({
      partId, blobId: `G${number}${partId}` as BlobId, size: text.length, name: null, type, charset: 'utf-8', disposition: null, cid: null,
    });
    const html = given.html ?? `<p>${text}</p>`;
    const value = (content: string): RawBodyValue => ({ value: content, isEncodingProblem: false, isTruncated: false });
    return this.add({
      id: `M${number}` as EmailId,
      threadId: mail.thread,
      blobId: `G${number}` as BlobId,
      mailboxIds: { [this.mailbox(mail.mailbox)]: true },
      keywords: Object.fromEntries([...mail.keywords, ...(mail.attachments.length > 0 ? ['$hasattachment'] : [])].map((keyword) => [keyword, true])),
      from: [mail.from],
      sender: null, replyTo: null,
      to: mail.to,
      cc: null, bcc: null,
      subject: mail.subject,
      preview: text.slice(0, 120),
      receivedAt: mail.receivedAt,
      sentAt: null,
      size: text.length + 500,
      messageId: [`${number}@ac-rouen.fr`], inReplyTo: null, references: null,
      htmlBody: [part('2', 'text/html')],
      textBody: [part('1', 'text/plain')],
      attachments: mail.attachments.map((file, index) => ({
        ...part(`a${index}`, file.type), partId: `a${index}`, name: file.name, size: file.size, disposition: 'attachment',
      })),
      bodyValues: { '1': value(text), '2': value(html) },
      created: 0, updated: 0,
    });
  }

  add(email: StoredEmail): StoredEmail {
    this.modseq += 1;
    email.created = this.modseq;
    email.updated = this.modseq;
    this.emails.set(email.id, email);
    this.count(email);
    return email;
  }

  /** Change a message; the folders that count it are changed too. */
  change(id: EmailId, edit: (email: StoredEmail) => void): boolean {
    const email = this.emails.get(id);
    if (email === undefined) return false;
    this.modseq += 1;
    this.count(email);
    edit(email);
    email.updated = this.modseq;
    this.count(email);
    return true;
  }

  destroy(id: EmailId): boolean {
    const email = this.emails.get(id);
    if (email === undefined) return false;
    this.modseq += 1;
    this.count(email);
    this.emails.delete(id);
    this.goneEmails.push({ id, at: this.modseq });
    return true;
  }

  destroyMailbox(id: MailboxId): void {
    this.modseq += 1;
    this.mailboxes.delete(id);
    this.goneMailboxes.push({ id, at: this.modseq });
  }

  private count(email: StoredEmail): void {
    for (const other of this.thread(email.threadId)) {
      for (const id of Object.keys(other.mailboxIds) as MailboxId[]) {
        const mailbox = this.mailboxes.get(id);
        if (mailbox !== undefined) mailbox.counted = this.modseq;
      }
    }
  }

  thread(id: ThreadId): readonly StoredEmail[] {
    return [...this.emails.values()].filter(({ threadId }) => threadId === id).sort((one, other) => (one.receivedAt < other.receivedAt ? -1 : 1));
  }

  /** A folder with its counts (RFC 8621 §2). */
  read(mailbox: StoredMailbox): RawMailbox {
    const unread = (email: StoredEmail) => email.keywords['$seen'] !== true && email.keywords['$draft'] !== true;
    const inside = [...this.emails.values()].filter((email) => email.mailboxIds[mailbox.id] === true);
    const unreadThreads = new Set([...this.emails.values()].filter(unread).map(({ threadId }) => threadId));
    const threads = new Set(inside.map(({ threadId }) => threadId));
    return {
      id: mailbox.id, name: mailbox.name, parentId: mailbox.parentId, role: mailbox.role, sortOrder: 10,
      totalEmails: inside.length,
      unreadEmails: inside.filter(unread).length,
      totalThreads: threads.size,
      unreadThreads: [...threads].filter((thread) => unreadThreads.has(thread)).length,
      myRights: RIGHTS,
    };
  }
}
