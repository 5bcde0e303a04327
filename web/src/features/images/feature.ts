import { Images } from 'lucide-react';
import { lazy } from 'react';

import type { Feature } from '../../ui/features.tsx';

const Panel = lazy(() => import('./ImagesPanel.tsx').then((module) => ({ default: module.ImagesPanel })));

/** What a person chooses about remote images. The messages themselves ask where they are drawn (`render`). */
export const images: Feature = {
  id: 'images',
  settings: ({ language }) => [
    { id: 'images', title: language.words.settings.images, icon: Images, order: 40, Panel },
  ],
};
