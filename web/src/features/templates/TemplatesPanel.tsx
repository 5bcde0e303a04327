import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import { useAnnounce } from '../../ui/Announcer.tsx';
import { Button } from '../../ui/Button.tsx';
import { useClient, useRead } from '../../ui/client.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import type { ApiShared } from '../../wire/api.ts';
import { problemOf, type Problem } from '../../wire/problems.ts';
import { deleteTemplate, functional, type Place, type Template, templatesOf } from './service.ts';
import { TemplateDialog } from './TemplateDialog.tsx';
import { WORDS } from './words.ts';
import './templates.css';

const NEW = { id: null, name: '', subject: '', html: '' };

interface Editing {
  readonly template: typeof NEW | Template;
  /** The mailbox that a new one is for; null: one's own. */
  readonly place: Place | null;
}

/** One's own templates and those of mailboxes one writes as, to change; those of the academy, to know of. */
export function TemplatesPanel() {
  const words = useWords(WORDS);
  const { services } = useClient();
  const announce = useAnnounce();
  const accounts = useRead((store) => store.accounts());
  const [templates, setTemplates] = useState<readonly Template[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [editing, setEditing] = useState<Editing | null>(null);
  const look = useCallback(
    (): Promise<void> =>
      templatesOf(services.road).then(
        (found) => {
          setTemplates(found);
          setProblem(null);
        },
        (caught: unknown) => setProblem(problemOf(caught)),
      ),
    [services.road],
  );
  useEffect(() => void look(), [look]);
  const remove = (template: Template): void => {
    deleteTemplate(services.road, template.id).then(
      () => {
        announce(words.removed(template.name));
        void look();
      },
      (caught: unknown) => setProblem(problemOf(caught)),
    );
  };
  const known = templates ?? [];
  const own = known.filter(({ shared, mailbox }) => !shared && mailbox === null);
  const shared = known.filter((template) => template.shared);
  const lines = { onEdit: (template: Template) => setEditing({ template, place: null }), onRemove: remove };
  return (
    <div className="settings">
      <p className="soft">{words.why}</p>
      {problem !== null && <Trouble what={templates === null ? words.failed : words.undone} problem={problem} onRetry={look} />}
      <div className="choice">
        <h4 className="choice-legend">{words.own}</h4>
        {templates === null && problem === null && <p className="soft">{words.loading}</p>}
        {templates !== null && own.length === 0 && <p className="soft">{words.none}</p>}
        <Lines templates={own} {...lines} />
        <Button icon={Plus} label={words.add} look="outline" small onClick={() => setEditing({ template: NEW, place: null })} />
      </div>
      {functional(accounts).map((box) => (
        <Theirs key={box.mailboxKey} box={box} templates={known} {...lines} onAdd={(place) => setEditing({ template: NEW, place })} />
      ))}
      {shared.length > 0 && (
        <div className="choice">
          <h4 className="choice-legend">{words.shared}</h4>
          <p className="soft">{words.sharedWhy}</p>
          <Lines templates={shared} {...lines} />
        </div>
      )}
      {editing !== null && (
        <TemplateDialog
          template={editing.template}
          id={editing.template.id}
          place={editing.place}
          forPlace
          onClose={() => setEditing(null)}
          onSaved={() => {
            setEditing(null);
            void look();
          }}
        />
      )}
    </div>
  );
}

interface TheirsProps extends LinesProps {
  readonly box: ApiShared;
  readonly onAdd: (place: Place) => void;
}

/** Those of one functional mailbox. */
function Theirs({ box: { mailboxKey: key, name, writes }, templates, onAdd, ...lines }: TheirsProps) {
  const words = useWords(WORDS);
  return (
    <div className="choice">
      <h4 className="choice-legend">{name}</h4>
      <p className="soft">{writes === true ? words.mailboxWhy : words.mailboxRead}</p>
      <Lines templates={templates.filter(({ mailbox }) => mailbox?.key === key)} {...lines} />
      {writes === true && (
        <Button icon={Plus} label={words.add} aria-label={words.addTo(name)} look="outline" small onClick={() => onAdd({ key, name })} />
      )}
    </div>
  );
}

interface LinesProps {
  readonly templates: readonly Template[];
  readonly onEdit: (template: Template) => void;
  readonly onRemove: (template: Template) => void;
}

function Lines({ templates, onEdit, onRemove }: LinesProps) {
  const words = useWords(WORDS);
  return (
    <ul className="template-list">
      {templates.map((template) => (
        <li key={template.id}>
          <span className="grow">{template.name}</span>
          {template.mine && <Button icon={Pencil} wordless small label={words.edit(template.name)} onClick={() => onEdit(template)} />}
          {template.mine && <Button icon={Trash2} wordless small label={words.remove(template.name)} onClick={() => onRemove(template)} />}
        </li>
      ))}
    </ul>
  );
}
