/** Do, undo, redo over any immutable value. A drag is one entry, so is a burst of typing; one deletion is one change and so one entry. */

export interface HistoryOptions {
  limit?: number;
  /** Changes with the same key within so many milliseconds are one entry. */
  burst?: number;
  clock?: () => number;
}

export class History<D> {
  #past: D[] = [];
  #future: D[] = [];
  #present: D;
  #gesture: { from: D } | null = null;
  #last = { key: '', at: 0 };
  readonly #limit: number;
  readonly #burst: number;
  readonly #clock: () => number;

  constructor(present: D, options: HistoryOptions = {}) {
    this.#present = present;
    this.#limit = options.limit ?? 200;
    this.#burst = options.burst ?? 1000;
    this.#clock = options.clock ?? (() => performance.now());
  }

  get present(): D {
    return this.#present;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  get inGesture(): boolean {
    return this.#gesture !== null;
  }

  /** A new present. `key` names what is being typed at, so that one word is one entry. */
  change(next: D, key = ''): void {
    if (next === this.#present) return;
    if (!this.#gesture) {
      const at = this.#clock();
      const goesOn = key !== '' && key === this.#last.key && at - this.#last.at < this.#burst;
      if (!goesOn) this.#push(this.#present);
      this.#last = { key, at };
    }
    this.#future = [];
    this.#present = next;
  }

  /** From here to `end` all changes are one entry: a drag. */
  begin(): void {
    this.#gesture ??= { from: this.#present };
  }

  end(same: (one: D, other: D) => boolean = Object.is): void {
    const gesture = this.#gesture;
    this.#gesture = null;
    this.#last = { key: '', at: 0 };
    if (gesture && !same(gesture.from, this.#present)) this.#push(gesture.from);
  }

  /** Give the gesture up: back to where it began. */
  cancel(): void {
    if (this.#gesture) this.#present = this.#gesture.from;
    this.#gesture = null;
  }

  /** Something came from elsewhere, into all that was and will be: a step back does not take it away. */
  rebase(onto: (entry: D) => D): void {
    this.#past = this.#past.map(onto);
    this.#future = this.#future.map(onto);
    this.#present = onto(this.#present);
    if (this.#gesture) this.#gesture = { from: onto(this.#gesture.from) };
    this.#last = { key: '', at: 0 };
  }

  undo(): void {
    this.#step(this.#past, this.#future);
  }

  redo(): void {
    this.#step(this.#future, this.#past);
  }

  #step(from: D[], to: D[]): void {
    if (this.#gesture) return;
    const found = from.pop();
    if (found === undefined) return;
    to.push(this.#present);
    this.#present = found;
    this.#last = { key: '', at: 0 };
  }

  #push(entry: D): void {
    this.#past.push(entry);
    if (this.#past.length > this.#limit) this.#past.shift();
  }
}
