import { dateFormat } from '../i18n/format.ts';
import type { Language, Words } from '../i18n/index.tsx';
import type { Problem } from '../store/types.ts';

/** A sentence for a problem; the server's own when it gave one. */
export function problemText(problem: Problem, language: Language): string {
  const { problems } = language.words;
  switch (problem.kind) {
    case 'offline':
      return navigator.onLine ? problems.cut : problems.offline;
    case 'timeout':
      return problems.timeout;
    case 'signed-out':
      return problems.signedOut;
    case 'forbidden':
      return problem.title ?? problems.forbidden;
    case 'not-found':
      return problems.notFound;
    case 'conflict':
      return problem.detail ?? problems.conflict;
    case 'too-large':
      return problem.limit === null ? problems.tooLarge : problems.tooLargeLimit(language.size(problem.limit));
    case 'over-quota':
      return problems.overQuota;
    case 'virus':
      return problem.detail ?? problems.virus;
    case 'refused':
      return problem.detail ?? problems.refused;
    case 'unavailable':
      return problem.detail ?? (problem.status === 429 ? problems.tooOften : problems.unavailable);
  }
}

/** What to do about it; nothing where the words say it already. */
export function adviceOf(problem: Problem, { problems }: Words): string | null {
  const { kind } = problem;
  if (kind === 'offline') return problems.checkNetwork;
  if (kind === 'timeout') return problems.tryLater;
  if (kind === 'signed-out') return problems.signInAgain;
  if (isUnexplained(problem)) return problems.tellDesk;
  if (kind !== 'unavailable' || (problem.detail ?? null) !== null) return null;
  return problem.after === undefined ? problems.tryLater : problems.tryAfter(problem.after);
}

/** A refusal that comes without a reason that one could act on. */
function isUnexplained(problem: Problem): boolean {
  if (problem.kind === 'refused') return problem.detail === null;
  if (problem.kind === 'forbidden') return problem.title === null;
  return problem.kind === 'too-large' && problem.limit === null;
}

/** What to quote to the help desk, when the server gave it. */
export function referenceOf(problem: Problem): string | null {
  return 'reference' in problem ? (problem.reference ?? null) : null;
}

/** The same; where no answer of ours came, what came instead and when. Null for what one mends oneself. */
export function quotable(problem: Problem, at: Date, locale: Language['locale']): string | null {
  const known = referenceOf(problem);
  const code = known === null ? codeOf(problem) : null;
  return code === null ? known : `${code} ${dateFormat(locale, { dateStyle: 'short', timeStyle: 'medium' }).format(at)}`;
}

function codeOf(problem: Problem): string | null {
  const { kind } = problem;
  if (kind === 'offline') return 'NET';
  if (kind === 'timeout') return 'NET-TIME';
  if (kind === 'refused') return problem.code;
  if (kind === 'forbidden') return 'HTTP-403';
  // Where the server says how large something may be, one mends it oneself.
  if (kind === 'too-large') return problem.limit === null ? 'HTTP-413' : null;
  return kind === 'unavailable' ? `HTTP-${problem.status}` : null;
}

/** Where one signs in again, and comes back to this place. */
export function signInPath(): string {
  return `/connexion/?suite=${encodeURIComponent(location.pathname + location.search)}`;
}
