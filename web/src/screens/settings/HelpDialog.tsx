import { useLanguage } from '../../i18n/index.tsx';
import { Dialog } from '../../ui/Dialog.tsx';

type Line = readonly [readonly string[], string];

/** Every key, by what one wants to do. */
export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  const { words } = useLanguage();
  const { keys, actions, folders } = words;
  const then = keys.then;
  const groups: readonly (readonly [string, readonly Line[]])[] = [
    [
      keys.moving,
      [
        [['J'], keys.next],
        [['K'], keys.previous],
        [[keys.enter], keys.open],
        [[keys.escape], keys.back],
        [['/'], keys.search],
        [['?'], keys.help],
      ],
    ],
    [
      keys.acting,
      [
        [['E'], actions.archive],
        [['#'], actions.delete],
        [['V'], actions.move],
        [['S'], actions.star],
        [['U'], actions.markUnread],
        [['X'], keys.select],
        [['Z'], keys.undo],
      ],
    ],
    [
      keys.writing,
      [
        [['C'], actions.compose],
        [['R'], actions.reply],
        [['A'], actions.replyAll],
        [['F'], actions.forward],
        [[keys.ctrl, keys.enter], keys.send],
      ],
    ],
    [
      keys.going,
      [
        [['G', then, 'I'], folders.inbox],
        [['G', then, 'B'], folders.drafts],
        [['G', then, 'E'], folders.sent],
        [['G', then, 'A'], folders.archive],
        [['G', then, 'T'], folders.trash],
      ],
    ],
  ];
  return (
    <Dialog title={keys.title} onClose={onClose} wide>
      <div className="key-groups">
        {groups.map(([title, lines]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {lines.map(([pressed, meaning]) => (
                <div key={meaning}>
                  <dt>
                    {pressed.map((key) => (key === then ? <span key={key}>{key}</span> : <kbd key={key}>{key}</kbd>))}
                  </dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
