import { useRead } from '../ui/client.tsx';

/** What is listed may be read and nothing else: a shared mailbox that is open to one for reading. */
export function useReadOnly(): boolean {
  return useRead((store) => {
    const { list } = store.view();
    if (list === null) return false;
    const folders = store.mailboxes(list.account).filter((one) => list.mailbox === null || one.id === list.mailbox);
    return folders.length > 0 && folders.every(({ rights }) => !rights.remove && !rights.flag);
  });
}
