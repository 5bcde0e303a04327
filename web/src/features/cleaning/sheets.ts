import type { Me } from '../../store/types.ts';
import { sheet } from '../../ui/features.tsx';

export const CLEANING = sheet<{ readonly me: Me }>(() => import('./CleaningSheet.tsx').then((module) => module.CleaningSheet));
