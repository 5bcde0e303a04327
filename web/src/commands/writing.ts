import type { MailStore } from '../store/mail.ts';
import { splitDraft } from '../store/presence/dress.ts';
import { plainOf } from '../store/words/plain.ts';
import { academySignature, replyToFor, signatureFor, writingChoices } from '../store/writing/writing-choices.ts';
import type { Account, AccountId, Address, Draft, DraftContent, DraftKey, EmailId, Identity, Me, Message } from '../store/types.ts';
import type { Writer } from './reply.ts';

function signedAs(me: Me, content: DraftContent): DraftContent {
  const { from, origin } = content;
  return { ...content, replyTo: replyToFor(me, from), signature: signatureFor(me, from, origin?.kind === 'reply') };
}

/** A message without any form. */
function isPlain({ body }: Message): boolean {
  const parts = body?.parts ?? [];
  return parts.length > 0 && parts.every(({ kind }) => kind === 'text');
}

/** A new message as this person begins them; one that answers a plain text is plain too, unless they chose otherwise. */
function begun(me: Me, content: DraftContent, answered: Message | null = null): DraftContent {
  const { format, plainToPlain, askReceipt } = writingChoices(me);
  const asAnswered = plainToPlain && content.origin?.kind === 'reply' && answered !== null && isPlain(answered);
  const text = format === 'plain' || asAnswered ? plainOf(content.html) : null;
  return { ...signedAs(me, content), receipt: askReceipt, text: text === null || content.origin === null ? text : `\n\n${text}` };
}

/** A draft begun in another program, or before the academy changed its signature: what is imposed stands below it now. */
function imposedOn(me: Me, content: DraftContent): DraftContent {
  const academy = academySignature(me, content.from);
  if (me.signature.mode !== 'imposed' || academy === null) return content;
  const { signature, html, text } = content;
  const theirs = signature === null || signature.kind === 'academy' || signature.text.trim() === academy.text.trim();
  if (theirs) return { ...content, signature: academy };
  const { own, quoted } = splitDraft(html);
  return { ...content, html: own + signature.html + quoted, text: text === null ? null : `${text}\n\n${signature.text}`, signature: academy };
}

/** What one writes as for a mailbox of others; nothing where one may only read there. */
function identityOf(me: Me, { id, shared }: Account): Identity | undefined {
  const address = shared?.email ?? id;
  return me.identities.find(({ email }) => email === address);
}

/** Those of the mailbox that one is in come first: a message may have been sent to both. */
function identitiesIn(me: Me, account: Account | undefined): readonly Identity[] {
  if (me.identities.length === 0) return [{ name: me.name, email: me.address }];
  if (account === undefined || account.personal) return me.identities;
  const theirs = (one: Identity): boolean => one.email === (account.shared?.email ?? account.id);
  return [...me.identities.filter(theirs), ...me.identities.filter((one) => !theirs(one))];
}

/** What makes messages out of others: wanted only once one writes. */
const replies = () => import('./reply.ts');

/** Writing and sending. */
export class Writing {
  private readonly store: MailStore;
  private readonly now: () => Date;

  constructor(store: MailStore, now: () => Date) {
    this.store = store;
    this.now = now;
  }

  private writer(account: AccountId): Writer | null {
    const me = this.store.me();
    if (me === null) return null;
    const own = { name: me.name, email: me.address };
    const shared = this.store.accounts().find(({ id }) => id === account);
    const byDefault = me.identities.find(({ email }) => email === writingChoices(me).defaultFrom) ?? me.identities[0] ?? own;
    const otherwise = shared?.personal === false ? (identityOf(me, shared) ?? byDefault) : byDefault;
    return { mine: identitiesIn(me, shared), otherwise, locale: me.locale, now: this.now() };
  }

  async compose(to: readonly Address[]): Promise<void> {
    const { emptyDraft } = await replies();
    const me = this.store.me();
    const writer = me === null ? null : this.writer(me.account);
    if (me === null || writer === null) return;
    this.store.openComposer(this.store.drafting.create(me.account, begun(me, emptyDraft(writer.otherwise, to)), null), false);
  }

  async reply(account: AccountId, email: EmailId, all: boolean): Promise<void> {
    const { buildReply } = await replies();
    await this.open(account, email, (message, writer) => buildReply(message, writer, all));
  }

  async forward(account: AccountId, email: EmailId): Promise<void> {
    const { buildForward } = await replies();
    await this.open(account, email, buildForward);
  }

  private async open(account: AccountId, email: EmailId, build: (message: Message, writer: Writer) => DraftContent): Promise<void> {
    const [message, writer, me] = [await this.message(account, email), this.writer(account), this.store.me()];
    if (message === null || writer === null || me === null) return;
    const content = begun(me, build(message, writer), message);
    this.store.openComposer(this.writesIn(account) ? this.store.drafting.create(account, content, null) : this.elsewhere(me, content), false);
  }

  /** Whether one may keep drafts in the mailbox, and send from it. */
  private writesIn(account: AccountId): boolean {
    const [me, shared] = [this.store.me(), this.store.accounts().find(({ id }) => id === account)];
    if (me === null || shared === undefined || shared.personal) return true;
    return identityOf(me, shared) !== undefined && this.store.mailboxes(account).some(({ role, rights }) => role === 'drafts' && rights.add);
  }

  /** In one's own mailbox, without the files of the other one. */
  private elsewhere(me: Me, content: DraftContent): DraftKey {
    return this.store.drafting.create(me.account, { ...content, attachments: [], origin: null }, null);
  }

  /** Once more: the same recipients, text and files, as a message of its own. */
  async editAsNew(account: AccountId, email: EmailId): Promise<void> {
    const { readDraft } = await replies();
    await this.open(account, email, (message, writer) => {
      const from = writer.mine.find((one) => one.email === message.from[0]?.email) ?? writer.otherwise;
      return { ...readDraft(message, writer.otherwise), from, inReplyTo: [], references: [] };
    });
  }

  async editDraft(account: AccountId, email: EmailId): Promise<void> {
    const open = this.store.drafts().find((draft) => draft.email === email);
    if (open !== undefined) {
      await this.takeBack(open);
      this.store.openComposer(open.key, false);
      return;
    }
    // What waits for its time must not leave while it is being changed.
    const due = await this.store.sending.holdBack(email);
    const { readDraft } = await replies();
    const [message, writer] = [await this.message(account, email), this.writer(account)];
    if (message === null || writer === null) return;
    const me = this.store.me();
    const content = readDraft(message, writer.otherwise);
    const key = this.store.drafting.create(account, me === null ? content : imposedOn(me, content), email);
    if (due !== null) this.store.drafting.mark(key, { heldBack: { due, email } });
    this.store.openComposer(key, false);
  }

  /** A message with its whole text, fetched when it isn't here. */
  private async message(account: AccountId, id: EmailId): Promise<Message | null> {
    const { mail, views } = this.store.part(account);
    const body = mail.records.bodies.get(id);
    const cut = body === undefined || Object.values(body.bodyValues).some(({ isTruncated }) => isTruncated);
    if (cut) await mail.openWhole(id);
    const email = mail.records.email(id);
    const message = email === undefined ? null : views.message(email);
    return message?.body === null ? null : message;
  }

  async attach(key: DraftKey, files: readonly File[]): Promise<void> {
    await this.store.drafting.attach(key, files, this.store.me()?.limits.attachmentBytes ?? Infinity);
  }

  /** Saves what was typed and closes; a draft in which nothing was typed is forgotten. */
  async close(key: DraftKey): Promise<void> {
    this.store.closeComposer(key);
    this.store.sending.dismiss(key);
    const draft = this.store.draft(key);
    if (draft === null) return;
    if (draft.heldBack !== null && this.waitsOn(draft)) {
      await this.store.sending.send(key, draft.heldBack.due);
      return;
    }
    if (draft.state !== 'new') await this.store.drafting.save(key);
    const state = this.store.draft(key)?.state;
    if (state === 'saved' || state === 'new') this.store.drafting.drop(key);
  }

  /** A message that waited for its time and was only looked at: it goes on waiting. */
  private waitsOn({ heldBack, state, email }: Draft): boolean {
    return heldBack !== null && state === 'saved' && email === heldBack.email && Date.parse(heldBack.due) > this.now().getTime();
  }

  /** A draft that was just scheduled here and is still at hand: it must not leave while it is being changed. */
  private async takeBack({ key, email }: Draft): Promise<void> {
    const due = this.store.sending.scheduledFor(key);
    if (due !== null && (await this.store.sending.cancel(key))) {
      this.store.drafting.mark(key, { heldBack: { due, email } });
    }
  }

  discard(key: DraftKey): void {
    const draft = this.store.draft(key);
    this.store.closeComposer(key);
    this.store.sending.dismiss(key);
    if (draft === null) return;
    this.store.drafting.drop(key);
    if (draft.email !== null) this.store.change([{ kind: 'destroy', account: draft.account, emails: [draft.email] }]);
  }

  canSend(key: DraftKey): boolean {
    const draft = this.store.draft(key);
    if (draft === null || draft.uploads.some(({ problem }) => problem === null)) return false;
    const { to, cc, bcc } = draft.content;
    return to.length + cc.length + bcc.length > 0;
  }

  async attachPicture(key: DraftKey, file: File, cid: string): Promise<void> {
    await this.store.drafting.attachPicture(key, file, cid, this.store.me()?.limits.attachmentBytes ?? Infinity);
  }

  /** Another sender brings their own signature and address for answers. */
  writeAs(key: DraftKey, from: Identity): void {
    const [me, draft] = [this.store.me(), this.store.draft(key)];
    if (me === null || draft === null) return;
    this.store.drafting.edit(key, { ...signedAs(me, { ...draft.content, from }) });
  }

  async send(key: DraftKey, sendAt: string | null): Promise<void> {
    if (!this.canSend(key)) return;
    const draft = this.store.draft(key);
    if (draft?.state === 'new') this.store.drafting.edit(key, {});
    this.store.closeComposer(key);
    await this.store.sending.send(key, sendAt);
  }

  async cancelSend(key: DraftKey): Promise<void> {
    await this.store.sending.cancel(key);
  }
}
