import { useEffect } from 'react';

import type { Client } from '../../commands/types.ts';
import type { Me } from '../../store/types.ts';
import { useClient, useRead } from '../../ui/client.tsx';
import { OPENED } from './launching.ts';
import { mailtoIn, paragraphs, readMailto } from './mailto.ts';
import { removeWorker, standWorker } from './worker.ts';

/** Draws nothing: the worker behind the page, the badge of the application, and what it is called for. */
export function Standing({ me }: { readonly me: Me }) {
  const client = useClient();
  const inbox = useRead((store) => store.mailboxes(me.account).find(({ role }) => role === 'inbox'));
  const unread = inbox?.unread ?? 0;
  const ready = inbox !== undefined;
  useEffect(() => {
    if (!me.sharedComputer) return standWorker(() => client.services.now().getTime());
    void removeWorker().catch(() => undefined);
    return undefined;
  }, [client, me.sharedComputer]);
  const leaving = useRead((store) => store.view().leaving === true);
  useEffect(() => {
    // Who signs out leaves nothing, not even a number.
    if (ready && 'setAppBadge' in navigator) void navigator.setAppBadge(leaving ? 0 : unread).catch(() => undefined);
  }, [ready, unread, leaving]);
  useEffect(() => {
    if (!('serviceWorker' in navigator)) return;
    const heard = ({ data }: MessageEvent<unknown>): void => {
      if (typeof data === 'object' && data !== null && 'type' in data && data.type === 'show-inbox') showInbox(client, me);
    };
    navigator.serviceWorker.addEventListener('message', heard);
    return () => navigator.serviceWorker.removeEventListener('message', heard);
  }, [client, me]);
  useEffect(() => {
    if (!ready) return;
    if (done.opened !== OPENED) void follow(client, OPENED);
    done.opened = OPENED;
    // Called again while it is open: the address comes here instead of loading the page anew.
    window.launchQueue?.setConsumer(({ targetURL }) => {
      const search = targetURL === undefined ? '' : new URL(targetURL).search;
      // The first call is the one that opened the page.
      if (done.called || search !== OPENED) void follow(client, search);
      done.called = true;
    });
  }, [client, ready]);
  return null;
}

/** What the page was opened with is followed once, however often this is drawn. */
const done = { opened: null as string | null, called: false };

interface LaunchQueue {
  setConsumer(consumer: (launched: { readonly targetURL?: string }) => void): void;
}

declare global {
  interface Window {
    /** W3C, Web App Launch Handler; Chromium alone. */
    readonly launchQueue?: LaunchQueue;
  }
}

async function follow(client: Client, search: string): Promise<void> {
  const link = mailtoIn(search);
  if (link !== null) await write(client, link);
  else if (new URLSearchParams(search).has('rechercher')) document.getElementById('search')?.focus();
}

async function write({ commands, store }: Client, link: string): Promise<void> {
  const wish = readMailto(link);
  if (wish === null) return;
  await commands.run('compose', { to: wish.to });
  const draft = store.view().composers.at(-1)?.draft;
  if (draft === undefined) return;
  const { cc, bcc, subject, body } = wish;
  const content = store.drafts().find(({ key }) => key === draft)?.content;
  const plain = content !== undefined && content.text !== null;
  const written = body === '' ? {} : plain ? { text: `${body}${content.text}` } : { html: paragraphs(body) };
  await commands.run('edit', { draft, change: { cc, bcc, subject, ...written } });
}

function showInbox({ commands, store }: Client, me: Me): void {
  const inbox = store.mailboxes(me.account).find(({ role }) => role === 'inbox');
  if (inbox !== undefined) void commands.run('open-folder', { account: me.account, mailbox: inbox.id });
}
