import { createContext, type ReactNode, useContext } from 'react';

import type { Client, Commands } from '../commands/types.ts';
import type { Store } from '../store/types.ts';
import { useStore } from '../store/use-store.ts';

const ClientContext = createContext<Client | null>(null);

export function ClientProvider({ client, children }: { readonly client: Client; readonly children: ReactNode }) {
  return <ClientContext value={client}>{children}</ClientContext>;
}

/** All of it, for what must hand it on. */
export function useClient(): Client {
  const client = useContext(ClientContext);
  if (client === null) throw new Error('no client above this component');
  return client;
}

/** Read from the store; drawn again when what is read changes. */
export function useRead<Value>(read: (store: Store) => Value): Value {
  const { store } = useClient();
  return useStore(store, () => read(store));
}

/** The acts. The same object for the life of the page. */
export function useCommands(): Commands {
  return useClient().commands;
}

/** The store itself, for handlers that read once. */
export function useStoreItself(): Store {
  return useClient().store;
}
