/** The server's JSON endpoints. An answer that is no success becomes an ApiError; no answer at all an Unreachable. */

export interface Refusal {
  code: string;
  path: string;
  params: Record<string, unknown>;
  message: string;
  advice: string;
}

export class ApiError extends Error {
  readonly status: number;
  readonly refusal: Refusal;
  /** The whole answer: a conflict brings the present draft, a refused publication the problems. */
  readonly body: Record<string, unknown>;

  constructor(status: number, body: Record<string, unknown>) {
    const refusal = (body['error'] ?? {}) as Partial<Refusal>;
    super(refusal.message || `HTTP ${status}`);
    this.status = status;
    this.body = body;
    this.refusal = { code: `error.${status}`, path: '', params: {}, message: this.message, advice: '', ...refusal };
  }
}

/** Offline, or the server is away. */
export class Unreachable extends Error {}

export interface Api {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
}

export interface ApiOptions {
  base: string;
  fetch?: typeof fetch;
  /** Milliseconds until an answer is given up. */
  patience?: number;
}

const TOKEN = 'meta[name="csrf-token"]';

export function createApi({ base, fetch: ask = (...args) => fetch(...args), patience = 30_000 }: ApiOptions): Api {
  async function call<T>(method: string, path: string, body?: unknown, again = true): Promise<T> {
    const answer = await reach(method, path, body);
    if (answer.status === 204) return undefined as T;
    const found = await json(answer);
    if (answer.ok) return found as T;
    const error = new ApiError(answer.status, found as Record<string, unknown>);
    if (error.refusal.code !== 'error.csrf' || !again) throw error;
    await renewToken();
    return call<T>(method, path, body, false);
  }

  async function reach(method: string, path: string, body: unknown): Promise<Response> {
    const file = body instanceof FormData;
    const headers = { ...(file ? {} : { 'Content-Type': 'application/json' }), Accept: 'application/json', 'X-CSRFToken': token() };
    const init: RequestInit = { method, headers, credentials: 'same-origin', signal: AbortSignal.timeout(patience) };
    try {
      return await ask(base + path, body === undefined ? init : { ...init, body: file ? body : JSON.stringify(body) });
    } catch (error) {
      throw new Unreachable(String(error));
    }
  }

  /** After signing in anew the token of the open page is stale: take it from the page as it would be served now. */
  async function renewToken(): Promise<void> {
    let page: Document | undefined;
    try {
      const answer = await ask(location.href, { credentials: 'same-origin', headers: { Accept: 'text/html' } });
      if (answer.ok) page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    } catch (error) {
      throw new Unreachable(String(error));
    }
    const fresh = page?.getElementById('builder') && page.querySelector(TOKEN)?.getAttribute('content');
    if (!fresh) throw new ApiError(401, {});
    document.querySelector(TOKEN)?.setAttribute('content', fresh);
  }

  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
  };
}

function token(): string {
  return document.querySelector(TOKEN)?.getAttribute('content') ?? '';
}

/** The answer's JSON. A page instead of JSON is the sign-in page: the session has ended. */
async function json(answer: Response): Promise<unknown> {
  const text = await answer.text();
  try {
    return text ? JSON.parse(text) : {};
  } catch {
    if (answer.ok) throw new ApiError(401, {});
    return {};
  }
}
