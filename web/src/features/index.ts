import type { Feature } from '../ui/features.tsx';
import { images } from './images/feature.ts';

/** Every capability beyond reading and writing, in the order in which they show. */
export const FEATURES: readonly Feature[] = [images];
