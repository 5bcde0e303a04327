import type { Feature } from '../ui/features.tsx';

/** Every capability beyond reading and writing, in the order in which they show. */
export const FEATURES: readonly Feature[] = [];
