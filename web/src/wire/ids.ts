declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** The account in JMAP: the mailbox key of a person or of a functional mailbox. */
export type AccountId = Branded<'account'>;
export type MailboxId = Branded<'mailbox'>;
export type EmailId = Branded<'email'>;
export type ThreadId = Branded<'thread'>;
export type BlobId = Branded<'blob'>;

export interface Address {
  readonly name: string | null;
  readonly email: string;
}

/** An address that one may write from. On someone's behalf, one's own name stands beside it as the `sender`. */
export interface Identity extends Address {
  readonly sender?: Address | null;
}
