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
  if (kind === 'refused') return problem.detail === null ? problems.tellDesk : null;
  if (kind !== 'unavailable' || (problem.detail ?? null) !== null) return null;
  return problem.after === undefined ? problems.tryLater : problems.tryAfter(problem.after);
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
  if (kind !== 'unavailable') return null;
  return `HTTP-${problem.status}`;
}

/** Where one signs in again, and comes back to this place. */
export function signInPath(): string {
  return `/connexion/?suite=${encodeURIComponent(location.pathname + location.search)}`;
}
