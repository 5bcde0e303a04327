import type { AccountId } from '../wire/ids.ts';
import { problemOf } from '../wire/problems.ts';
import { AccountMail, type Surroundings } from './account.ts';
import { flush, type Waiting } from './sync/flush.ts';
import { Again } from './sync/lane.ts';
import type { LocalCopy } from './presence/local-copy.ts';
import { sync } from './sync/sync.ts';
import type { View } from './types.ts';
import { Views } from './lists/views.ts';

/** Rows of the first question: a screenful. */
export const FIRST_ROWS = 20;

export interface PartSurroundings extends Surroundings {
  /** What waits for the server; the queue may be another one later. */
  readonly waiting: () => Waiting;
  readonly objectsAtOnce: () => number;
  readonly view: () => View;
}

/** One account at work: what is known of it, how it is seen, and the two that bring it and the server together. */
export class AccountPart {
  readonly mail: AccountMail;
  readonly views: Views;
  readonly syncing = new Again(() => this.syncOnce());
  readonly flushing = new Again(() => this.flushOnce());
  private readonly around: PartSurroundings;

  constructor(id: AccountId, around: PartSurroundings) {
    this.around = around;
    this.mail = new AccountMail(id, around);
    this.views = new Views(this.mail);
  }

  /** What came to the screen before this device could keep it. */
  keepShown(copy: LocalCopy): void {
    const { list, open } = this.around.view();
    if (open?.account === this.mail.id) copy.opened(this.mail, open.thread);
    if (list?.account === this.mail.id) copy.listed(this.mail, this.mail.lists.open(list));
  }

  private async syncOnce(): Promise<void> {
    try {
      await this.mail.lane.run(() => sync(this.mail));
      this.around.heard(null);
    } catch (caught) {
      this.around.heard(problemOf(caught));
      return;
    }
    await this.mail.byItself(() => this.refill());
  }

  private async flushOnce(): Promise<void> {
    try {
      while (await this.mail.lane.run(() => flush(this.mail, this.around.waiting(), this.around.objectsAtOnce())));
      this.around.heard(null);
    } catch (caught) {
      this.around.heard(problemOf(caught));
      return;
    }
    await this.mail.byItself(() => this.refill());
  }

  /** What is on the screen and became doubtful is asked for again; the rest waits until it is looked at. */
  private async refill(): Promise<void> {
    const { mail } = this;
    const { list: spec, open } = this.around.view();
    if (spec?.account === mail.id) {
      const list = mail.lists.open(spec);
      await mail.fill(list, list.visible.first, Math.max(list.visible.last, FIRST_ROWS - 1));
    }
    if (open?.account === mail.id) await mail.open(open.thread);
  }
}
