import type { Feature } from '../ui/features.tsx';
import { FILTERS } from './filters/feature.tsx';
import { cleaning } from './cleaning/feature.ts';
import { followup } from './followup/feature.ts';
import { images } from './images/feature.ts';
import { labels } from './labels/feature.ts';
import { links } from './links/feature.tsx';
import { preview } from './preview/feature.ts';
import { receipts } from './receipts/feature.tsx';
import { sendlater } from './sendlater/feature.ts';
import { signatures } from './signatures/feature.ts';
import { templates } from './templates/feature.ts';

/** Every capability beyond reading and writing, in the order in which they show. */
export const FEATURES: readonly Feature[] = [labels, followup, images, links, preview, cleaning, receipts, sendlater, signatures, templates, FILTERS];
