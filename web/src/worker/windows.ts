export const MAIL = '/courrier/';

/** The pages of this browser in which mail is open. */
export async function mailWindows(scope: ServiceWorkerGlobalScope): Promise<readonly WindowClient[]> {
  const windows = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
  return windows.filter(({ url }) => new URL(url).pathname.startsWith(MAIL));
}
