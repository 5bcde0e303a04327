/** Tasks that must not overlap: each begins when the one before has ended, however it ended. */
export class Lane {
  private tail: Promise<unknown> = Promise.resolve();

  run<Value>(task: () => Promise<Value>): Promise<Value> {
    const result = this.tail.then(task);
    this.tail = result.catch(() => undefined);
    return result;
  }
}

/** Something asked again and again while it runs runs once more afterwards, not once for each time. */
export class Again {
  private running: Promise<void> | null = null;
  private wanted = false;
  private readonly task: () => Promise<void>;

  constructor(task: () => Promise<void>) {
    this.task = task;
  }

  run(): Promise<void> {
    if (this.running !== null) {
      this.wanted = true;
      return this.running;
    }
    this.running = this.loop().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async loop(): Promise<void> {
    do {
      this.wanted = false;
      await this.task();
    } while (this.isWanted());
  }

  private isWanted(): boolean {
    return this.wanted;
  }
}
