/** On which the pages of this browser, and its worker, talk about a copy that they share. */
export const CHANNEL = 'casier';

/** The session is over, for every page: what is typed is sealed, and all goes out of sight. */
export function tellEnded(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage({ kind: 'ended' });
  channel.close();
}
