import { FileText } from 'lucide-react';
import { lazy } from 'react';

import type { Feature } from '../../ui/features.tsx';

const Tool = lazy(() => import('./TemplatesTool.tsx').then((module) => ({ default: module.TemplatesTool })));
const Panel = lazy(() => import('./TemplatesPanel.tsx').then((module) => ({ default: module.TemplatesPanel })));

/** Messages to begin with: one's own, and those of the academy. */
export const templates: Feature = {
  id: 'templates',
  ComposerTools: Tool,
  settings: ({ language }) => [{ id: 'templates', title: language.locale === 'fr' ? 'Modèles' : 'Templates', icon: FileText, order: 22, Panel }],
};
