/** Saves a draft by itself: a moment after the last change, one request at a time, on the revision it was made on. Nothing typed is lost. */
import { ApiError, Unreachable, type Refusal } from './api';
import type { Keep } from './keep';
import { same } from './same';
import type { Problem } from './types';

export type SaveState<D> =
  | { is: 'saved' }
  | { is: 'waiting' }
  | { is: 'saving' }
  | { is: 'offline'; tries: number }
  | { is: 'signed-out' }
  | { is: 'forbidden' }
  | { is: 'gone' }
  | { is: 'refused'; refusal: Refusal }
  | { is: 'conflict'; who: string; theirs: Theirs<D> };

/** What somebody else has saved. */
export interface Theirs<D> {
  draft: D;
  revision: number;
}

export interface Saved {
  revision: number;
  problems: Problem[];
}

export interface SaverPorts<D> {
  read(): D;
  put(revision: number, draft: D): Promise<Saved>;
  told(state: SaveState<D>, saved?: Saved): void;
  /** Put what somebody else made of `base` into the draft. Answers whether that could be done without asking. */
  merge(base: D, theirs: D, who: string): boolean;
  keep: Keep<D>;
  /** Milliseconds of silence before a save. */
  wait?: number;
}

const KEEP_WAIT = 150;
const LONGEST_WAIT = 30_000;
const REMEMBERED = 10;

export class Saver<D> {
  state: SaveState<D> = { is: 'saved' };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #keepTimer: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<void> | null = null;
  #tries = 0;
  /** What was sent and never answered, since the last answer: the server may have it. */
  #unanswered: D[] = [];
  readonly #ports: SaverPorts<D>;
  revision: number;
  /** The draft as the server has it. */
  saved: D;

  constructor(revision: number, saved: D, ports: SaverPorts<D>) {
    this.revision = revision;
    this.saved = saved;
    this.#ports = ports;
  }

  get unsaved(): boolean {
    return this.state.is !== 'saved' || this.#ports.read() !== this.saved;
  }

  /** The draft has changed. */
  touch(): void {
    this.#keepTimer ??= setTimeout(() => this.keepNow(), KEEP_WAIT); // from the first key of a burst: a crash takes no more than this
    if (['conflict', 'signed-out', 'forbidden', 'gone'].includes(this.state.is)) return;
    if (this.state.is !== 'saving' && this.state.is !== 'offline') this.#tell({ is: 'waiting' });
    if (!this.#sending && this.state.is !== 'offline') this.#schedule(this.#ports.wait ?? 600);
  }

  keepNow(): void {
    this.#keepNoLonger();
    if (this.#ports.read() !== this.saved) this.#ports.keep.put(this.revision, this.#ports.read(), this.saved);
  }

  /** Save at once what is unsaved. Answers whether the server has it now. */
  async flush(): Promise<boolean> {
    if (this.#sending) await this.#sending;
    if (this.state.is === 'conflict') return false;
    if (this.#ports.read() !== this.saved) await this.#send();
    else if (this.state.is !== 'saved') this.#tell({ is: 'saved' });
    if ((this.state as SaveState<D>).is === 'waiting') await this.#send(); // it has met somebody else's changes, and is whole now
    return this.#ports.read() === this.saved;
  }

  /** Somebody else has saved: what does not collide goes into the draft, the rest is asked. */
  meet(theirs: Theirs<D>, who: string): void {
    if (theirs.revision <= this.revision) return;
    if (this.#ports.merge(this.saved, theirs.draft, who)) this.adopt(theirs.revision, theirs.draft);
    else this.#tell({ is: 'conflict', who, theirs });
  }

  /** The server has this draft at this revision: after a merge, or a version restored. */
  adopt(revision: number, draft: D): void {
    clearTimeout(this.#timer);
    this.revision = revision;
    this.saved = draft;
    this.#settle();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#keepNoLonger();
  }

  #keepNoLonger(): void {
    clearTimeout(this.#keepTimer);
    this.#keepTimer = undefined;
  }

  #schedule(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#send(), milliseconds);
  }

  #send(): Promise<void> {
    clearTimeout(this.#timer);
    this.#sending ??= this.#put().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async #put(): Promise<void> {
    const draft = this.#ports.read();
    this.#tell({ is: 'saving' });
    try {
      const answer = await this.#ports.put(this.revision, draft);
      this.#tries = 0;
      this.revision = answer.revision;
      this.saved = draft;
      this.#settle(answer);
    } catch (error) {
      this.#failed(error, draft);
    }
  }

  #settle(answer?: Saved): void {
    this.#unanswered = [];
    if (this.#ports.read() === this.saved) {
      this.#keepNoLonger();
      this.#ports.keep.clear();
      this.#tell({ is: 'saved' }, answer);
      return;
    }
    this.keepNow();
    this.#tell({ is: 'waiting' }, answer);
    this.#schedule(this.#ports.wait ?? 600);
  }

  #failed(error: unknown, sent: D): void {
    this.keepNow();
    if (error instanceof Unreachable) return this.#later(sent);
    if (!(error instanceof ApiError)) throw error;
    if (error.status >= 500 || error.status === 429 || error.status === 408) return this.#later(sent);
    if (error.status === 409) return this.#met(error, sent);
    const known = { 401: 'signed-out', 403: 'forbidden', 404: 'gone' } as const;
    const state = known[error.status as 401 | 403 | 404];
    this.#tell(state ? { is: state } : { is: 'refused', refusal: error.refusal });
  }

  #later(sent: D): void {
    this.#tries += 1;
    this.#unanswered = [...this.#unanswered, sent].slice(-REMEMBERED);
    this.#tell({ is: 'offline', tries: this.#tries });
    this.#schedule(Math.min(LONGEST_WAIT, 1000 * 2 ** (this.#tries - 1)));
  }

  /** Somebody else saved, or we did and never got the answer. */
  #met(error: ApiError, sent: D): void {
    const theirs = error.body['current'] as (Theirs<D> & { updated_by?: string }) | undefined;
    if (!theirs) return this.#tell({ is: 'refused', refusal: error.refusal });
    const ours = [sent, ...this.#unanswered].find((one) => same(composed(theirs.draft), composed(one)));
    if (ours) {
      this.revision = theirs.revision;
      this.saved = ours;
      return this.#settle();
    }
    const who = String(error.refusal.params['who'] ?? theirs.updated_by ?? '');
    this.meet({ draft: theirs.draft, revision: theirs.revision }, who);
  }

  #tell(state: SaveState<D>, saved?: Saved): void {
    this.state = state;
    this.#ports.told(state, saved);
  }
}

/** As the server keeps it: strings in NFC. */
function composed<D>(draft: D): D {
  return JSON.parse(JSON.stringify(draft).normalize('NFC')) as D;
}
