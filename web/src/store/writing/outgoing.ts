import type { Api, ApiSend, SendRequest } from '../../wire/api.ts';
import type { AccountId, Address, EmailId } from '../../wire/ids.ts';
import { passes, problemOf, type Problem } from '../../wire/problems.ts';
import type { Drafts } from './drafts.ts';
import type { Keeper } from '../sync/keeper.ts';
import { linksIn } from '../words/links.ts';
import type { Draft, DraftContent, DraftKey, Outgoing } from '../types.ts';

/** How long « Envoyé » stays, and how long after the due time we ask by ourselves, should the event have been lost. */
const SENT_SHOWN_MS = 6_000;
const OVERDUE_MS = 4_000;
const SCHEDULED_SHOWN_MS = 10_000;

interface Kept {
  readonly shown: Outgoing;
  readonly email: EmailId | null;
  /** The number of the durable row on the server. */
  readonly id: string | null;
  /** Not before; null: after the time to undo. */
  readonly sendAt: string | null;
  /** Taken back while it was still being handed over. */
  readonly cancelled: boolean;
}

export interface OutgoingSurroundings {
  readonly api: Api;
  readonly drafts: Drafts;
  readonly keeper: () => Keeper;
  readonly changed: () => void;
  readonly heard: (problem: Problem | null) => void;
  /** It left: this mailbox has changed. */
  readonly sent: (account: AccountId) => void;
  /** It came back: open its composer. */
  readonly cameBack: (draft: DraftKey) => void;
  /** What waits for its time has changed. */
  readonly scheduled: () => void;
  readonly now: () => number;
}

function recipients({ to, cc, bcc }: DraftContent): readonly string[] {
  const all = [...to, ...cc, ...bcc].map(({ email }: Address) => email.trim());
  return [...new Map(all.map((email) => [email.toLowerCase(), email])).values()];
}

function requestFor({ account, content }: Draft, emailId: EmailId, sendAt: string | null): SendRequest {
  const { from, origin } = content;
  return {
    emailId, accountId: account, identity: from.email, mailFrom: from.email, rcptTo: recipients(content),
    ...(sendAt === null ? {} : { sendAt }),
    ...(from.sender ? { onBehalf: true } : {}),
    ...(origin === null ? {} : { original: { emailId: origin.email, kind: origin.kind } }),
  };
}

/** A rule that the platform names is a refusal, whenever it is found. */
function stateOf(problem: Problem): Outgoing['state'] {
  const reason = problem.kind === 'forbidden' ? problem.title : problem.kind === 'refused' ? problem.detail : null;
  if (reason === null || !('reference' in problem)) return { kind: 'failed', problem };
  return { kind: 'refused', reason, reference: problem.reference };
}

/** Messages on their way: saved, handed to the durable queue, and followed until they have left or come back. */
export class OutgoingMail {
  private readonly around: OutgoingSurroundings;
  private readonly kept = new Map<DraftKey, Kept>();
  private readonly busy = new Set<DraftKey>();
  private shown: readonly Outgoing[] = [];

  constructor(around: OutgoingSurroundings) {
    this.around = around;
  }

  all(): readonly Outgoing[] {
    return this.shown;
  }

  /** Out of sight: what is on its way lies where it is kept. */
  leave(): void {
    this.kept.clear();
    this.shown = [];
  }

  async restore(): Promise<void> {
    for (const kept of (await this.around.keeper().claim('outgoing')) as Kept[]) {
      this.put({ ...kept, sendAt: (kept as Partial<Kept>).sendAt ?? null });
      if (kept.shown.state.kind !== 'scheduled') continue;
      this.around.drafts.drop(kept.shown.draft);
      this.remove(kept.shown.draft);
    }
  }

  private put(kept: Kept): void {
    this.kept.set(kept.shown.draft, kept);
    this.around.keeper().put('outgoing', kept.shown.draft, kept);
    this.show();
  }

  private remove(draft: DraftKey): void {
    this.kept.delete(draft);
    this.around.keeper().remove('outgoing', draft);
    this.show();
  }

  private show(): void {
    this.shown = [...this.kept.values()].map(({ shown }) => shown);
    this.around.changed();
  }

  private become(draft: DraftKey, state: Outgoing['state'], more: Partial<Kept> = {}): void {
    const kept = this.kept.get(draft);
    if (kept !== undefined) this.put({ ...kept, ...more, shown: { ...kept.shown, state } });
  }

  /** Send a draft. What happens to it shows in `all()`. */
  async send(key: DraftKey, sendAt: string | null): Promise<void> {
    const draft = this.around.drafts.get(key);
    if (draft === null) return;
    const { account, content } = draft;
    this.put({
      shown: { draft: key, account, subject: content.subject, to: content.to, state: { kind: 'preparing' } },
      email: null, id: null, sendAt, cancelled: false,
    });
    await this.handOver(key);
  }

  /** Save the draft as it is and hand it over. Runs again from the start after a lost connection. */
  private async handOver(key: DraftKey): Promise<void> {
    if (this.busy.has(key)) return;
    this.busy.add(key);
    try {
      await this.handOverOnce(key);
    } finally {
      this.busy.delete(key);
    }
  }

  private async handOverOnce(key: DraftKey): Promise<void> {
    const email = await this.around.drafts.save(key);
    const draft = this.around.drafts.get(key);
    if (draft === null) {
      this.remove(key);
      return;
    }
    if (email === null) {
      if (draft.state === 'failed' && draft.problem !== null) this.comeBack(key, { kind: 'failed', problem: draft.problem });
      return;
    }
    if (this.kept.get(key)?.cancelled === true) {
      this.remove(key);
      return;
    }
    await this.post(key, requestFor(draft, email, this.kept.get(key)?.sendAt ?? null));
  }

  private async post(key: DraftKey, request: SendRequest): Promise<void> {
    try {
      await this.letFetch(key, request);
      const earlier = await this.already(key, request.emailId);
      const { id, dueAt } = earlier ?? (await this.around.api.send(request));
      const cancelled = this.kept.get(key)?.cancelled === true;
      this.become(key, { kind: 'waiting', dueAt: Date.parse(dueAt) }, { id, email: request.emailId });
      this.around.heard(null);
      if (cancelled) await this.cancel(key);
      else if (request.sendAt === undefined) this.watch(key);
      else this.setAside(key, Date.parse(dueAt));
    } catch (caught) {
      const problem = problemOf(caught);
      this.around.heard(problem);
      if (passes(problem) || problem.kind === 'signed-out') {
        this.become(key, { kind: 'preparing' }, { email: request.emailId });
        return;
      }
      this.comeBack(key, stateOf(problem));
    }
  }

  /** The files behind the links of the text are for its recipients, and for nobody before it leaves. */
  private async letFetch(key: DraftKey, { rcptTo, mailFrom }: SendRequest): Promise<void> {
    const content = this.around.drafts.get(key)?.content;
    const tokens = content === undefined ? [] : linksIn(content);
    if (content === undefined || tokens.length === 0) return;
    await this.around.api.sendLinks({ tokens, sender: mailFrom, subject: content.subject.slice(0, 200), recipients: rcptTo });
  }

  /** A row that an earlier try made without our getting to know: asking again would send twice. */
  private async already(key: DraftKey, email: EmailId): Promise<ApiSend | null> {
    if (this.kept.get(key)?.email !== email) return null;
    const rows = await this.around.api.sends();
    return rows.findLast((row) => row.emailId === email && row.state !== 'refused') ?? null;
  }

  /** It leaves when nobody may be looking: the platform follows it from here, and the list of what waits. */
  private setAside(key: DraftKey, dueAt: number): void {
    this.become(key, { kind: 'scheduled', dueAt });
    this.around.scheduled();
    setTimeout(() => {
      if (this.kept.get(key)?.shown.state.kind !== 'scheduled') return;
      this.around.drafts.drop(key);
      this.remove(key);
    }, SCHEDULED_SHOWN_MS);
  }

  /** The list of what waits tells what became of it. */
  private leaveToList(key: DraftKey): void {
    this.around.drafts.drop(key);
    this.remove(key);
  }

  /** When a message leaves that was scheduled here a moment ago, or null. */
  scheduledFor(key: DraftKey): string | null {
    const state = this.kept.get(key)?.shown.state;
    return state?.kind === 'scheduled' ? new Date(state.dueAt).toISOString() : null;
  }

  /** A message that waits for its time is opened: it isn't sent by itself any more. When it would have been, or null. */
  async holdBack(email: EmailId): Promise<string | null> {
    try {
      const row = (await this.around.api.sends()).find((each) => each.emailId === email && each.scheduled && each.state === 'waiting');
      if (row === undefined) return null;
      await this.around.api.cancelSend(row.id);
      this.around.scheduled();
      return row.dueAt;
    } catch (caught) {
      this.around.heard(problemOf(caught));
      return null;
    }
  }

  /** Ask by ourselves when nothing was heard after the message was due. */
  private watch(key: DraftKey): void {
    const state = this.kept.get(key)?.shown.state;
    if (state?.kind !== 'waiting') return;
    setTimeout(() => void this.look(), Math.max(0, state.dueAt - this.around.now()) + OVERDUE_MS);
  }

  /** What has become of the messages on their way; also hands over those that couldn't be. */
  async look(): Promise<void> {
    const waiting = [...this.kept.values()].filter(({ shown }) => ['preparing', 'waiting', 'sending'].includes(shown.state.kind));
    if (waiting.length === 0) return;
    for (const { id, shown } of waiting) if (id === null) await this.handOver(shown.draft);
    try {
      const rows = await this.around.api.sends();
      for (const { id, shown } of waiting) {
        const row = rows.find((each) => each.id === id);
        if (row !== undefined) this.take(shown.draft, row);
      }
    } catch (caught) {
      this.around.heard(problemOf(caught));
    }
  }

  /** Whether a draft is on its way, and nobody is to change it. */
  carries(key: DraftKey): boolean {
    const kind = this.kept.get(key)?.shown.state.kind;
    return kind !== undefined && kind !== 'refused' && kind !== 'failed';
  }

  /** Whether this tab is looking after a row; others wait for their time. */
  follows(id: string): boolean {
    return [...this.kept.values()].some((each) => each.id === id && each.shown.state.kind !== 'scheduled');
  }

  /** The event stream says that a row changed; why it was refused has to be asked. */
  async tell(id: string, state: string): Promise<void> {
    const kept = [...this.kept.values()].find((each) => each.id === id);
    if (kept === undefined) return;
    const key = kept.shown.draft;
    if (state === 'sending') this.become(key, { kind: 'sending' });
    else if (state === 'sent') this.left(key);
    else if (kept.shown.state.kind === 'scheduled') this.leaveToList(key);
    else await this.look();
  }

  private take(key: DraftKey, row: ApiSend): void {
    switch (row.state) {
      case 'waiting':
        this.become(key, { kind: 'waiting', dueAt: Date.parse(row.dueAt) });
        if (Date.parse(row.dueAt) + OVERDUE_MS <= this.around.now()) setTimeout(() => void this.look(), OVERDUE_MS);
        else this.watch(key);
        break;
      case 'sending':
        this.become(key, { kind: 'sending' });
        setTimeout(() => void this.look(), OVERDUE_MS);
        break;
      case 'sent':
        this.left(key);
        break;
      case 'refused':
        this.comeBack(key, { kind: 'refused', reason: row.reason ?? '', reference: row.reference });
        break;
    }
  }

  private left(key: DraftKey): void {
    const kept = this.kept.get(key);
    if (kept === undefined || kept.shown.state.kind === 'sent') return;
    this.become(key, { kind: 'sent' });
    this.around.drafts.drop(key);
    this.around.sent(kept.shown.account);
    setTimeout(() => this.remove(key), SENT_SHOWN_MS);
  }

  private comeBack(key: DraftKey, state: Outgoing['state']): void {
    this.become(key, state, { id: null, email: null });
    this.around.cameBack(key);
  }

  /** Take a message back. Once it is leaving, it is too late and it stays on its way. */
  async cancel(key: DraftKey): Promise<boolean> {
    const kept = this.kept.get(key);
    if (kept === undefined) return false;
    if (kept.id === null) {
      if (this.busy.has(key)) this.put({ ...kept, cancelled: true });
      else this.remove(key);
      this.around.cameBack(key);
      return true;
    }
    try {
      await this.around.api.cancelSend(kept.id);
      this.remove(key);
      if (kept.sendAt !== null) this.around.scheduled();
      this.around.cameBack(key);
      return true;
    } catch (caught) {
      const problem = problemOf(caught);
      this.around.heard(problem);
      if (problem.kind === 'conflict') this.become(key, { kind: 'sending' }, { cancelled: false });
      if (problem.kind === 'not-found') await this.look();
      return false;
    }
  }

  /** A refused message that is being edited again is no longer on its way. */
  dismiss(key: DraftKey): void {
    const kind = this.kept.get(key)?.shown.state.kind;
    if (kind === 'refused' || kind === 'failed') this.remove(key);
  }
}
