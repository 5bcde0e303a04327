import type { Api } from '../../wire/api.ts';
import type { Jmap } from '../../wire/jmap.ts';
import { passes, problemOf, type Problem } from '../../wire/problems.ts';
import type { LocalCopy, Who } from './local-copy.ts';

export interface PresenceSurroundings {
  readonly api: Api;
  readonly jmap: Jmap;
  readonly openCopy: (who: Who | null) => Promise<LocalCopy | null>;
  readonly heard: (problem: Problem | null) => void;
  readonly retryLater: () => void;
  /** Ask for the first screen, or take what is kept of it. Throws WireError. */
  readonly ask: (who: Who, copy: LocalCopy | null) => Promise<void>;
  /** Show it. */
  readonly greet: (who: Who) => void;
  /** Go on with what was left on this device. */
  readonly takeUp: (copy: LocalCopy | null) => Promise<void>;
  readonly resume: () => Promise<void>;
  /** It isn't the same person any more. */
  readonly strange: () => void;
}

/** Who is here, and what this device keeps of them: told by the platform, or by another page while the network is away. */
export class Presence {
  private readonly around: PresenceSurroundings;
  who: Who | null = null;
  /** Undefined: not opened yet. */
  copy: LocalCopy | null | undefined;
  /** The platform hasn't said yet that it is so. */
  unsure = false;
  private starting: Promise<void> | null = null;
  private opening: Promise<void> | null = null;

  constructor(around: PresenceSurroundings) {
    this.around = around;
  }

  /** Ask who one is and show the inbox. Goes on trying while the network is away; until then what is kept here is shown. */
  start(): Promise<void> {
    this.starting ??= this.startOnce().finally(() => {
      this.starting = null;
    });
    return this.starting;
  }

  private async startOnce(): Promise<void> {
    const { api, jmap, heard, retryLater } = this.around;
    try {
      const [me, session] = await Promise.all([api.me(), jmap.session(false)]);
      await this.welcome({ me, session });
    } catch (caught) {
      const problem = problemOf(caught);
      heard(problem);
      if (passes(problem) && this.who === null) await this.welcomeOffline();
      retryLater();
    }
  }

  private async welcome(who: Who): Promise<void> {
    const { ask, greet, heard, resume, strange } = this.around;
    const before = this.who;
    if (before !== null && before.me.account.id !== who.me.account.id) {
      strange();
      return;
    }
    if (before === null) await ask(who, null);
    [this.who, this.unsure] = [who, false];
    greet(who);
    heard(null);
    if (before === null) await this.open();
    await resume();
  }

  /** Without the platform, as long as a page of this browser has the key. */
  private async welcomeOffline(): Promise<void> {
    const copy = await this.around.openCopy(null);
    if (copy === null || this.who !== null) return;
    [this.who, this.copy, this.unsure] = [copy.who, copy, true];
    await this.around.ask(copy.who, copy);
    this.around.greet(copy.who);
    await this.around.takeUp(copy);
  }

  /** Open what this device keeps. Tried again later where the platform couldn't be asked. */
  async open(): Promise<void> {
    const { who } = this;
    if (who === null || this.copy !== undefined) return;
    this.opening ??= this.openOnce(who).finally(() => {
      this.opening = null;
    });
    await this.opening;
  }

  private async openOnce(who: Who): Promise<void> {
    try {
      const copy = await this.around.openCopy(who);
      // The session may have ended meanwhile.
      if (this.who !== who) await copy?.close();
      else this.copy = copy;
    } catch (caught) {
      this.around.heard(problemOf(caught));
    }
    if (this.who === who) await this.around.takeUp(this.copy ?? null);
  }

  /** Nobody is here any more. What was kept is to be closed by the caller. */
  leave(): LocalCopy | null {
    const copy = this.copy ?? null;
    [this.who, this.copy] = [null, null];
    return copy;
  }
}
