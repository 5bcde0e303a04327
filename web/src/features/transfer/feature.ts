import { ArrowDownUp, Download, Upload } from 'lucide-react';
import { lazy } from 'react';

import type { Feature } from '../../ui/features.tsx';
import { TRANSFER } from './sheets.ts';

const Panel = lazy(() => import('./TransferSheet.tsx').then((module) => ({ default: module.TransferPanel })));
const title = (french: boolean) => (french ? 'Importer, exporter' : 'Import, export');

/** A mailbox taken out as a file, and files taken in. */
export const transfer: Feature = {
  id: 'transfer',
  settings: (page) => [{ id: 'transfer', title: title(page.language.locale === 'fr'), icon: ArrowDownUp, order: 62, Panel }],
  folderActs: (page, folder) => {
    const french = page.language.locale === 'fr';
    return [
      { key: 'export', label: french ? 'Exporter…' : 'Export…', icon: Download, act: () => page.show(TRANSFER, { me: page.me, only: 'export', folder }) },
      { key: 'import', label: french ? 'Importer ici…' : 'Import here…', icon: Upload, act: () => page.show(TRANSFER, { me: page.me, only: 'import', folder }) },
    ];
  },
};
