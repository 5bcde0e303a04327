import { useMemo } from 'react';

import { useLanguage } from './index.tsx';
import { spaced } from './typography.ts';

/** The words of one feature: the same tree in both languages. */
export interface Bilingual<Tree extends object> {
  readonly fr: Tree;
  readonly en: Tree;
}

/** French is written with ordinary spaces; typography makes them right. */
export function bilingual<Tree extends object>(fr: Tree, en: Tree): Bilingual<Tree> {
  return { fr: spaced(fr), en };
}

export function useWords<Tree extends object>(words: Bilingual<Tree>): Tree {
  const { locale } = useLanguage();
  return useMemo(() => words[locale], [words, locale]);
}
