/** What the server says beside the kind: its own words, and the name under which its log knows the request. */
interface Told {
  readonly detail?: string | null;
  readonly reference?: string | null;
}

/** Why something didn't work, with what is needed to say it (the words are the screens'). */
export type Problem =
  | { readonly kind: 'offline' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'signed-out'; readonly reason: string | null; readonly reference: string | null }
  | { readonly kind: 'forbidden'; readonly title: string | null; readonly reference: string | null }
  | ({ readonly kind: 'not-found' } & Told)
  /** Somebody else changed it meanwhile. */
  | ({ readonly kind: 'conflict' } & Told)
  | ({ readonly kind: 'too-large'; readonly limit: number | null } & Told)
  | { readonly kind: 'over-quota' }
  | { readonly kind: 'virus'; readonly detail: string | null; readonly reference: string | null }
  /** The server refuses by a rule and says which. */
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string | null; readonly reference: string | null }
  /** The server is down, broke, or was asked too often; trying later may work: after so many seconds, where it says. */
  | ({ readonly kind: 'unavailable'; readonly status: number; readonly after?: number } & Told);

/** What the wire throws: nothing else leaves it. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.kind);
    this.problem = problem;
  }
}

/** Nothing is known of it. */
export const UNKNOWN: Problem = { kind: 'unavailable', status: 200 };

/** The problem behind anything caught; a fault of our own is thrown on, since hiding it would help nobody. */
export function problemOf(caught: unknown): Problem {
  if (caught instanceof WireError) return caught.problem;
  throw caught;
}

/** As Chromium, Firefox and Safari say that a script didn't come; a style sheet is our build's own loader's word. */
const LOADING = /dynamically imported module|module script|preload CSS/i;

/** Whether a part of the client that is loaded when wanted didn't come. */
export function isUnloaded(caught: unknown): boolean {
  return caught instanceof Error && LOADING.test(caught.message);
}

/** Whether the same request may succeed later without anybody doing anything. */
export function passes(problem: Problem): boolean {
  return problem.kind === 'offline' || problem.kind === 'timeout' || problem.kind === 'unavailable';
}

interface Said {
  readonly type: string | null;
  readonly title: string | null;
  readonly detail: string | null;
  readonly reference: string | null;
  readonly limit: number | null;
}

const NOTHING: Said = { type: null, title: null, detail: null, reference: null, limit: null };

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** RFC 9457, as the edge, `/api/` and Cyrus write it; anything else says nothing. */
export function readProblemBody(body: string): Said {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null) return NOTHING;
    const fields = parsed as Readonly<Record<string, unknown>>;
    const limit = fields['limit'];
    return {
      type: text(fields['type']),
      title: text(fields['title']),
      detail: text(fields['detail']),
      reference: text(fields['reference']),
      limit: typeof limit === 'number' ? limit : null,
    };
  } catch {
    return NOTHING;
  }
}

/** Name what an answer of 400 and above means. `header` reads the edge's `X-Casier-…`. */
export function problemOfAnswer(status: number, body: string, header: (name: string) => string | null): Problem {
  const said = readProblemBody(body);
  const reference = said.reference ?? header('X-Casier-Reference');
  const reason = header('X-Casier-Reason') ?? said.type;
  switch (status) {
    case 401:
      return { kind: 'signed-out', reason, reference };
    case 403:
      return reason?.includes('suspended') === true ? { kind: 'signed-out', reason, reference } : { kind: 'forbidden', title: said.detail ?? said.title, reference };
    case 404:
      return { kind: 'not-found', reference };
    case 409:
    case 412:
      return { kind: 'conflict', detail: said.detail, reference };
    case 413:
      return { kind: 'too-large', limit: said.limit, reference };
    default:
      return status >= 500 || status === 429
        ? { kind: 'unavailable', status, detail: said.detail, reference, ...secondsOf(header('Retry-After')) }
        : refusalOf(status, said, reference);
  }
}

/** `Retry-After` in seconds (RFC 9110 §10.2.3); a date is not waited for. */
function secondsOf(after: string | null): { readonly after?: number } {
  return after !== null && /^\d{1,5}$/.test(after) ? { after: Number(after) } : {};
}

function refusalOf(status: number, { type, title, detail }: Said, reference: string | null): Problem {
  if (type?.includes('virus') === true) return { kind: 'virus', detail, reference };
  // The detail names fields of a request that no person wrote.
  const words = type === 'invalid_request' ? title : (detail ?? title);
  return { kind: 'refused', code: type ?? status.toString(), detail: words, reference };
}

/** An error inside a JMAP answer (RFC 8620 §3.6.2 and §5.3). Its description is for programmers: it goes with the code, not among the words. */
export function problemOfJmap(type: string, description: string | null): Problem {
  switch (type) {
    case 'accountNotFound':
    case 'notFound':
    case 'blobNotFound':
      return { kind: 'not-found' };
    case 'stateMismatch':
    case 'willDestroy':
      return { kind: 'conflict' };
    case 'tooLarge':
    case 'requestTooLarge':
      return { kind: 'too-large', limit: null };
    case 'overQuota':
      return { kind: 'over-quota' };
    case 'forbidden':
    case 'accountReadOnly':
    case 'accountNotSupportedByMethod':
      return { kind: 'forbidden', title: null, reference: null };
    case 'serverUnavailable':
    case 'serverFail':
    case 'serverPartialFail':
    case 'rateLimit':
      return { kind: 'unavailable', status: 200, reference: null };
    default:
      return { kind: 'refused', code: description === null ? type : `${type}: ${description}`, detail: null, reference: null };
  }
}
