import type { Language } from '../i18n/index.tsx';
import type { Problem } from '../store/types.ts';

/** A sentence for a problem; the server's own when it gave one. */
export function problemText(problem: Problem, language: Language): string {
  const { problems } = language.words;
  switch (problem.kind) {
    case 'offline':
      return problems.offline;
    case 'timeout':
      return problems.timeout;
    case 'signed-out':
      return problems.signedOut;
    case 'forbidden':
      return problem.title ?? problems.forbidden;
    case 'not-found':
      return problems.notFound;
    case 'conflict':
      return problems.conflict;
    case 'too-large':
      return problem.limit === null ? problems.tooLarge : problems.tooLargeLimit(language.size(problem.limit));
    case 'over-quota':
      return problems.overQuota;
    case 'virus':
      return problem.detail ?? problems.virus;
    case 'refused':
      return problem.detail ?? problems.refused;
    case 'unavailable':
      return problems.unavailable;
  }
}

/** What to quote to the help desk, when the server gave it. */
export function referenceOf(problem: Problem): string | null {
  return 'reference' in problem ? problem.reference : null;
}
