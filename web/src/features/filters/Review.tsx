import { useEffect, useMemo, useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import type { MailboxId, Me } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useClient, useRead } from '../../ui/client.tsx';
import { useFolderName } from './folder-name.ts';
import type { Rule } from './rules.ts';
import { type Read, reviewFolders } from './service.ts';
import { type FilterWords, WORDS } from './words.ts';

const DAYS = 60;
/** Fewer messages than this say nothing about habits. */
const ENOUGH = 3;

interface Props {
  readonly me: Me;
  readonly rules: readonly Rule[];
  readonly onSwitchOff: (rule: Rule) => void;
}

/** The folders that rules fill, and whether anyone reads them. */
export function Review({ me, rules, onSwitchOff }: Props) {
  const words = useWords(WORDS);
  const { services } = useClient();
  const there = useRead((store) => store.mailboxes(me.account));
  const filling = rules.filter(({ on, actions }) => on && actions.folder !== null);
  const folders = useMemo(() => filling.map(({ actions }) => actions.folder?.id ?? '').toSorted().join(' '), [filling]);
  const [found, setFound] = useState<ReadonlyMap<MailboxId, Read> | null>(null);
  useEffect(() => {
    if (folders === '') return;
    const since = new Date(services.now().getTime() - DAYS * 86_400_000).toISOString();
    reviewFolders(services.jmap, me.account, [...new Set(folders.split(' '))] as MailboxId[], since).then(setFound, () => undefined);
  }, [folders, me.account, services]);
  if (filling.length === 0 || found === null) return null;
  return (
    <section className="rules-section">
      <h4>{words.review}</h4>
      <p className="soft">{words.reviewWhy}</p>
      <ul className="review">
        {filling.map((rule) => {
          const id = rule.actions.folder?.id as MailboxId;
          const read = there.some((folder) => folder.id === id) ? found.get(id) : undefined;
          return <Filled key={rule.id} me={me} rule={rule} read={read} onSwitchOff={() => onSwitchOff(rule)} />;
        })}
      </ul>
    </section>
  );
}

interface FilledProps {
  readonly me: Me;
  readonly rule: Rule;
  /** Undefined: there is no such folder any more. */
  readonly read: Read | undefined;
  readonly onSwitchOff: () => void;
}

function Filled({ me, rule, read, onSwitchOff }: FilledProps) {
  const words = useWords(WORDS);
  const name = useFolderName(me, rule);
  const unread = read !== undefined && isUnread(rule, read);
  return (
    <li className={unread ? 'review-unread' : undefined}>
      <p>
        <span className="label">{name}</span> <span className="soft">{saidOf(rule, read, words)}</span>
      </p>
      {unread && <p>{words.unreadHint}</p>}
      {(unread || read === undefined) && <Button small look="outline" label={words.switchOff} onClick={onSwitchOff} />}
    </li>
  );
}

/** Whether enough came and nobody looked. What the rule itself marks as read tells nothing. */
function isUnread(rule: Rule, { arrived, read }: Read): boolean {
  return !rule.actions.markRead && arrived >= ENOUGH && read === 0;
}

function saidOf(rule: Rule, read: Read | undefined, words: FilterWords): string {
  if (read === undefined) return words.gone;
  if (read.arrived === 0) return words.nothing;
  if (rule.actions.markRead) return words.byRule(read.arrived);
  return read.read === 0 ? words.never(read.arrived) : words.readOf(read.read, read.arrived);
}
