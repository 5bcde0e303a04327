import { Batch } from '../../wire/batch.ts';
import type { AccountId, EmailId } from '../../wire/ids.ts';
import type { Flags, SetError } from '../../wire/jmap-types.ts';
import { Jmap } from '../../wire/jmap.ts';
import { passes, problemOf, problemOfJmap, type Problem, WireError } from '../../wire/problems.ts';
import type { OnProgress } from '../../wire/road.ts';
import type { AccountMail } from '../account.ts';
import { buildEmail, type NewEmail, UNSAID } from './draft-email.ts';
import { set } from '../sync/flush.ts';
import type { Keeper } from '../sync/keeper.ts';
import type { Attachment, Draft, DraftContent, DraftKey, Upload } from '../types.ts';

/** A pause in typing after which a draft is saved; who never pauses has it saved all the same. */
const PAUSE_MS = 1_000;
const LONGEST_MS = 10_000;
/** Where nothing stays on this machine, the server's copy is the only one. */
const LONGEST_SHARED_MS = 2_000;
const SHELF_PAUSE_MS = 300;

/** Brings a file where it belongs; begins again, or goes on, when it is called again. */
export type Carrying = (signal: AbortSignal, onProgress: OnProgress) => Promise<void>;

export interface DraftSurroundings {
  readonly jmap: Jmap;
  readonly account: (id: AccountId) => AccountMail;
  readonly keeper: () => Keeper;
  readonly changed: () => void;
  readonly heard: (problem: Problem | null) => void;
  readonly newId: () => string;
  readonly now: () => number;
  /** Several people use this machine: nothing is kept on it. */
  readonly shared: () => boolean;
}

interface Kept {
  readonly draft: Draft;
  /** A save went out and its answer never came: the server may hold a copy that we don't know. */
  readonly uncertain: boolean;
}

/** Drafts as they are written: on this machine at once, on the server a moment later. */
export class Drafts {
  private readonly around: DraftSurroundings;
  private readonly kept = new Map<DraftKey, Kept>();
  private readonly timers = new Map<DraftKey, ReturnType<typeof setTimeout>>();
  /** When the first change was made that isn't saved. */
  private readonly typedSince = new Map<DraftKey, number>();
  private readonly shelfTimers = new Map<DraftKey, ReturnType<typeof setTimeout>>();
  private readonly uploads = new Map<string, AbortController>();
  private readonly works = new Map<string, Carrying>();
  private shown: readonly Draft[] = [];

  constructor(around: DraftSurroundings) {
    this.around = around;
  }

  get(key: DraftKey): Draft | null {
    return this.kept.get(key)?.draft ?? null;
  }

  all(): readonly Draft[] {
    return this.shown;
  }

  /** Drafts that an earlier tab left open. Of those that were saved, the ones that are still drafts. */
  async restore(): Promise<readonly Draft[]> {
    const left = ((await this.around.keeper().claim('drafts')) as Kept[]).map(({ draft }) => draft);
    const gone = await this.goneAmong(left.filter(({ state }) => state === 'saved'));
    for (const draft of left) {
      const state = draft.state === 'saved' ? 'saved' : 'kept';
      const found = { ...draft, content: { ...UNSAID, ...draft.content }, forked: false, heldBack: null, uploads: [], state, found: true } as const;
      // A save may have been under way when the tab ended.
      this.put(draft.key, { draft: found, uncertain: state === 'kept' });
      if (draft.email !== null && gone.has(draft.email)) this.drop(draft.key);
    }
    return left.filter(({ key }) => this.kept.has(key));
  }

  /** What was sent or thrown away meanwhile must not come back as if it hadn't been. */
  private async goneAmong(saved: readonly Draft[]): Promise<ReadonlySet<EmailId>> {
    const gone = new Set<EmailId>();
    for (const [account, drafts] of Map.groupBy(saved, (draft) => draft.account)) {
      const batch = new Batch();
      const call = batch.add('Email/get', { accountId: account, ids: drafts.flatMap(({ email }) => email ?? []), properties: ['id', 'keywords'] });
      try {
        const { list, notFound } = (await this.around.jmap.send(batch, { background: true })).of(call);
        for (const id of notFound) gone.add(id);
        for (const { id, keywords } of list) if (keywords['$draft'] !== true) gone.add(id);
      } catch (caught) {
        this.around.heard(problemOf(caught));
      }
    }
    return gone;
  }

  /** Out of sight: what was typed lies where it is kept. */
  leave(): void {
    this.shelveAll();
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const upload of this.uploads.values()) upload.abort();
    this.kept.clear();
    this.shown = [];
  }

  create(account: AccountId, content: DraftContent, email: EmailId | null): DraftKey {
    const key = this.around.newId() as DraftKey;
    const state = email === null ? 'new' : 'saved';
    this.put(key, { draft: { key, account, content, email, state, problem: null, savedAt: null, forked: false, heldBack: null, uploads: [] }, uncertain: false });
    return key;
  }

  edit(key: DraftKey, change: Partial<DraftContent>): void {
    const draft = this.get(key);
    if (draft === null) return;
    this.update(key, { content: { ...draft.content, ...change }, state: 'edited', problem: null });
    this.saveLater(key);
  }

  /** These mailboxes were closed to the person: what was being written there goes on in their OWN one, and is saved there. */
  bringHome(closed: ReadonlySet<AccountId>, own: AccountId): void {
    for (const { key, state } of this.shown.filter((draft) => closed.has(draft.account))) {
      this.update(key, { account: own, email: null, heldBack: null, state: state === 'new' ? 'new' : 'edited', problem: null }, false);
      if (state !== 'new') this.saveLater(key);
    }
  }

  /** Something to know of a draft that isn't part of the message. */
  mark(key: DraftKey, change: Pick<Draft, 'heldBack'>): void {
    this.update(key, change);
  }

  private saveLater(key: DraftKey): void {
    clearTimeout(this.timers.get(key));
    const since = this.typedSince.get(key) ?? this.around.now();
    this.typedSince.set(key, since);
    const longest = this.around.shared() ? LONGEST_SHARED_MS : LONGEST_MS;
    const pause = Math.max(0, Math.min(PAUSE_MS, since + longest - this.around.now()));
    this.timers.set(key, setTimeout(() => void this.save(key), pause));
  }

  private update(key: DraftKey, change: Partial<Draft>, uncertain?: boolean): void {
    const kept = this.kept.get(key);
    if (kept === undefined) return;
    this.put(key, { draft: { ...kept.draft, ...change }, uncertain: uncertain ?? kept.uncertain });
  }

  private put(key: DraftKey, kept: Kept): void {
    this.kept.set(key, kept);
    this.shown = [...this.kept.values()].map(({ draft }) => draft);
    if (!this.shelfTimers.has(key)) this.shelfTimers.set(key, setTimeout(() => this.shelve(key), SHELF_PAUSE_MS));
    this.around.changed();
  }

  /** On disk as long as it is open: what was typed, and that one was at it. */
  private shelve(key: DraftKey): void {
    clearTimeout(this.shelfTimers.get(key));
    this.shelfTimers.delete(key);
    const kept = this.kept.get(key);
    if (kept === undefined || kept.draft.state === 'new') this.around.keeper().remove('drafts', key);
    else this.around.keeper().put('drafts', key, { ...kept, draft: { ...kept.draft, uploads: [] } });
  }

  /** The page goes away: nothing typed may wait for a timer. */
  shelveAll(): void {
    for (const key of this.shelfTimers.keys()) this.shelve(key);
  }

  /** Whoever leaves this machine has what is saved on the server alone. What is typed after this lies here again. */
  forgetSaved(): void {
    this.shelveAll();
    for (const { key, state } of this.shown) if (state === 'saved') this.around.keeper().remove('drafts', key);
  }

  /** Save what isn't. Resolves with the message's id on the server, or null when it couldn't be saved (the draft says why). */
  save(key: DraftKey): Promise<EmailId | null> {
    clearTimeout(this.timers.get(key));
    const draft = this.get(key);
    if (draft === null) return Promise.resolve(null);
    const mail = this.around.account(draft.account);
    return mail.lane.run(() => this.saveNow(key, mail));
  }

  /** Before one leaves: all that was typed, as far as the connection allows. */
  async saveAll(): Promise<void> {
    await Promise.all(this.shown.filter(({ state }) => state === 'edited' || state === 'kept').map(({ key }) => this.save(key)));
  }

  /** Those that wait for the connection, and the files on their way when it broke. */
  async saveKept(): Promise<void> {
    for (const { key, uploads } of this.shown) {
      for (const { id, problem } of uploads) if (problem !== null && passes(problem)) void this.retryUpload(key, id);
    }
    for (const { key, state } of this.shown) if (state === 'kept') await this.save(key);
  }

  private async saveNow(key: DraftKey, mail: AccountMail): Promise<EmailId | null> {
    const kept = this.kept.get(key);
    if (kept === undefined) return null;
    const { draft, uncertain } = kept;
    if (draft.state === 'new' || draft.state === 'saved') return draft.email;
    this.typedSince.delete(key);
    this.update(key, { state: 'saving' });
    try {
      const email = await this.replace(mail, draft, uncertain);
      this.saved(key, email, draft.content);
      return email;
    } catch (caught) {
      const problem = problemOf(caught);
      const later = passes(problem) || problem.kind === 'signed-out';
      this.update(key, { state: later ? 'kept' : 'failed', problem }, later || uncertain);
      this.around.heard(problem);
      return null;
    }
  }

  private saved(key: DraftKey, email: EmailId, content: DraftContent): void {
    const typedOn = this.get(key)?.content !== content;
    this.update(key, { email, savedAt: this.around.now(), state: typedOn ? 'edited' : 'saved', problem: null }, false);
    if (typedOn) this.saveLater(key);
    this.around.heard(null);
  }

  /** A message can't be changed in JMAP: the new copy is made and the old one destroyed in one call. */
  private async replace(mail: AccountMail, draft: Draft, uncertain: boolean): Promise<EmailId> {
    const mailbox = mail.mailboxByRole('drafts');
    if (mailbox === undefined) throw new WireError({ kind: 'not-found' });
    const built = buildEmail(draft, mailbox.id);
    const old = await this.replaced(mail, draft, built, uncertain);
    const { result, gone, mailboxes } = await set(mail, { create: { draft: built }, destroy: old }, uncertain ? [] : old);
    const created = result.created?.['draft'];
    if (created === undefined) throw refusal(result.notCreated?.['draft']);
    const threads = new Set([created.threadId, ...old.flatMap((id) => mail.records.base(id)?.threadId ?? [])]);
    // Somebody has replaced or thrown away what was opened here: their version stays, and so does this one.
    if (gone.length > 0) this.update(draft.key, { forked: true });
    for (const id of old) mail.records.remove(id);
    mail.records.touch({ ...headOf(built, draft, this.around.now()), id: created.id, threadId: created.threadId, whole: true, touched: 0 });
    const known = mail.records.threads.get(created.threadId);
    if (known !== undefined) mail.records.threads.set(created.threadId, [...known, created.id]);
    for (const thread of threads) mail.lists.follow(thread);
    mailboxes();
    return created.id;
  }

  private async replaced(mail: AccountMail, draft: Draft, built: NewEmail, uncertain: boolean): Promise<readonly EmailId[]> {
    if (uncertain) return this.copies(mail, draft, built);
    return draft.email === null ? [] : [draft.email];
  }

  /** Every copy of the draft on the server, found by its Message-ID, which stays the same at each save. */
  private async copies(mail: AccountMail, draft: Draft, built: NewEmail): Promise<readonly EmailId[]> {
    const mailbox = mail.mailboxByRole('drafts');
    const batch = new Batch();
    const query = batch.add('Email/query', {
      accountId: mail.id, filter: mailbox === undefined ? null : { inMailbox: mailbox.id },
      sort: [{ property: 'receivedAt', isAscending: false }], collapseThreads: false, limit: 30,
    });
    const get = batch.add('Email/get', { accountId: mail.id, '#ids': query.ref('/ids'), properties: ['id', 'messageId'] });
    const { list } = (await this.around.jmap.send(batch, { background: true })).of(get);
    const found = list.filter(({ messageId }) => messageId?.some((id) => built.messageId.includes(id)) === true).map(({ id }) => id);
    return [...new Set([...found, ...(draft.email === null ? [] : [draft.email])])];
  }

  /** Off this machine; the copy on the server stays. */
  drop(key: DraftKey): void {
    for (const upload of this.get(key)?.uploads ?? []) this.uploads.get(upload.id)?.abort();
    clearTimeout(this.timers.get(key));
    this.kept.delete(key);
    this.shown = [...this.kept.values()].map(({ draft }) => draft);
    this.shelve(key);
    this.around.changed();
  }

  /** Upload files beside each other; each becomes an attachment when it is there. */
  async attach(key: DraftKey, files: readonly File[], limit: number): Promise<void> {
    await Promise.all(files.map((file) => this.attachOne(key, file, limit, null)));
  }

  /** A picture that the text shows by its Content-ID. */
  async attachPicture(key: DraftKey, file: File, cid: string, limit: number): Promise<void> {
    await this.attachOne(key, file, limit, cid);
  }

  private async attachOne(key: DraftKey, file: File, limit: number, cid: string | null): Promise<void> {
    const draft = this.get(key);
    if (draft === null) return;
    const id = this.coming(key, { name: file.name, size: file.size });
    if (totalSize(this.get(key)) > limit) {
      this.progress(key, id, { problem: { kind: 'too-large', limit } });
      return;
    }
    await this.carryOn(key, id, async (signal, onProgress) => {
      const stored = await this.around.jmap.upload(draft.account, file, signal, onProgress);
      const type = file.type === '' ? 'application/octet-stream' : file.type;
      this.arrived(key, id, {
        blob: stored.blobId, name: file.name, type, size: file.size, cid, inline: cid !== null,
        url: Jmap.downloadUrl(draft.account, stored.blobId, file.name, type),
      });
    });
  }

  /** A file that goes by a road of its own: shown, waited for and taken back like any upload, but no part of the message. */
  async carry(key: DraftKey, file: Pick<Upload, 'name' | 'size'>, work: Carrying): Promise<void> {
    if (this.get(key) !== null) await this.carryOn(key, this.coming(key, { ...file, apart: true }), work);
  }

  /** Once more, or on from where it broke, as its road has it. */
  async retryUpload(key: DraftKey, id: string): Promise<void> {
    const work = this.works.get(id);
    if (work === undefined) return;
    this.progress(key, id, { problem: null });
    await this.carryOn(key, id, work);
  }

  private coming(key: DraftKey, file: Pick<Upload, 'name' | 'size' | 'apart'>): string {
    const id = this.around.newId();
    this.update(key, { uploads: [...(this.get(key)?.uploads ?? []), { ...file, id, sent: 0, problem: null }] });
    return id;
  }

  private async carryOn(key: DraftKey, id: string, work: Carrying): Promise<void> {
    const abort = new AbortController();
    this.uploads.set(id, abort);
    this.works.set(id, work);
    try {
      await work(abort.signal, (sent, waiting = false) => this.progress(key, id, { sent, waiting }));
      this.removeUpload(key, id);
      this.around.heard(null);
    } catch (caught) {
      if (abort.signal.aborted) this.removeUpload(key, id);
      else this.uploadFailed(key, id, problemOf(caught));
    } finally {
      this.uploads.delete(id);
    }
  }

  private uploadFailed(key: DraftKey, id: string, problem: Problem): void {
    this.progress(key, id, { problem });
    this.around.heard(problem);
  }

  private progress(key: DraftKey, id: string, change: Partial<Upload>): void {
    const uploads = this.get(key)?.uploads.map((upload) => (upload.id === id ? { ...upload, ...change } : upload));
    if (uploads !== undefined) this.update(key, { uploads });
  }

  private arrived(key: DraftKey, id: string, attachment: Attachment): void {
    this.removeUpload(key, id);
    const draft = this.get(key);
    if (draft !== null) this.edit(key, { attachments: [...draft.content.attachments, attachment] });
  }

  cancelUpload(key: DraftKey, id: string): void {
    this.uploads.get(id)?.abort();
    this.removeUpload(key, id);
  }

  private removeUpload(key: DraftKey, id: string): void {
    this.works.delete(id);
    const uploads = this.get(key)?.uploads.filter((upload) => upload.id !== id);
    if (uploads !== undefined) this.update(key, { uploads });
  }
}

function totalSize(draft: Draft | null): number {
  if (draft === null) return 0;
  const uploading = draft.uploads.filter(({ problem, apart }) => problem === null && apart !== true);
  return [...draft.content.attachments, ...uploading].reduce((sum, { size }) => sum + size, 0);
}

function refusal(error: SetError | undefined): WireError {
  return new WireError(problemOfJmap(error?.type ?? 'serverFail', error?.description ?? null));
}

function headOf(built: NewEmail, draft: Draft, now: number) {
  const withAttachment = draft.content.attachments.some(({ inline }) => !inline);
  const keywords: Flags<string> = withAttachment ? { ...built.keywords, $hasattachment: true } : built.keywords;
  return {
    mailboxIds: built.mailboxIds, keywords, from: built.from, to: built.to ?? null, subject: built.subject,
    preview: built.bodyValues.text.value.slice(0, 200), receivedAt: `${new Date(now).toISOString().slice(0, 19)}Z`,
  };
}
