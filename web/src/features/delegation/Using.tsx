import { useEffect } from 'react';

import { useClient, useRead } from '../../ui/client.tsx';
import { noteUse } from './service.ts';

/** Draws nothing: lets a colleague see when their mailbox was last looked into. */
export function Using() {
  const { services } = useClient();
  const id = useRead((store) => {
    const list = store.view().list;
    return store.accounts().find((account) => account.id === list?.account)?.shared?.delegation ?? '';
  });
  useEffect(() => {
    if (id !== '') void noteUse(services, id).catch(() => undefined);
  }, [services, id]);
  return null;
}
