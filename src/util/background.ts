/** Work that goes on after the response that it belongs to. What is added must not reject. */
export class Background {
  readonly #tasks = new Set<Promise<void>>();

  add(task: Promise<void>): void {
    this.#tasks.add(task);
    void task.finally(() => this.#tasks.delete(task));
  }

  /** Resolves when nothing is going on any more, or after so many seconds. */
  async settled(timeout: number): Promise<void> {
    const { promise: timedOut, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(resolve, timeout * 1000, undefined);
    await Promise.race([this.#allDone(), timedOut]);
    clearTimeout(timer);
  }

  async #allDone(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
  }
}
