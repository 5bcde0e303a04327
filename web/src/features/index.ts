import type { Feature } from '../ui/features.tsx';
import { announcements } from './announcements/feature.ts';
import { cleaning } from './cleaning/feature.ts';
import { delegation } from './delegation/feature.ts';
import { device } from './device/feature.ts';
import { FILTERS } from './filters/feature.tsx';
import { followup } from './followup/feature.ts';
import { images } from './images/feature.ts';
import { labels } from './labels/feature.ts';
import { links } from './links/feature.tsx';
import { notifications } from './notifications/feature.ts';
import { offline } from './offline/feature.ts';
import { preview } from './preview/feature.ts';
import { receipts } from './receipts/feature.tsx';
import { restore } from './restore/feature.ts';
import { sendlater } from './sendlater/feature.ts';
import { signatures } from './signatures/feature.ts';
import { teamwork } from './teamwork/feature.tsx';
import { templates } from './templates/feature.ts';
import { transfer } from './transfer/feature.ts';
import { palette } from './palette/feature.ts';
import { search } from './search/feature.ts';

/** Every capability beyond reading and writing, in the order in which they show. */
export const FEATURES: readonly Feature[] = [
  palette, search, announcements, offline, device, notifications, teamwork, labels, followup, images, links, preview, cleaning, restore, transfer, receipts, sendlater, signatures, templates, delegation, FILTERS,
];
