import { useSyncExternalStore } from 'react';

import type { Store } from './types.ts';

/** Read from the store and draw again when that changes: `useStore(store, () => store.mailboxes(account))`. */
export function useStore<Value>(store: Store, read: () => Value): Value {
  return useSyncExternalStore(store.subscribe, read, read);
}
