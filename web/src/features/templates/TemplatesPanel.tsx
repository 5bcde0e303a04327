import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import { useAnnounce } from '../../ui/Announcer.tsx';
import { Button } from '../../ui/Button.tsx';
import { useClient } from '../../ui/client.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import { problemOf, type Problem } from '../../wire/problems.ts';
import { deleteTemplate, type Template, templatesOf } from './service.ts';
import { TemplateDialog } from './TemplateDialog.tsx';
import { WORDS } from './words.ts';
import './templates.css';

const NEW = { id: null, name: '', subject: '', html: '' };

/** One's own templates, to change; those of the academy, to know of. */
export function TemplatesPanel() {
  const words = useWords(WORDS);
  const { services } = useClient();
  const announce = useAnnounce();
  const [templates, setTemplates] = useState<readonly Template[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [editing, setEditing] = useState<typeof NEW | Template | null>(null);
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
  const own = (templates ?? []).filter(({ shared }) => !shared);
  const shared = (templates ?? []).filter((template) => template.shared);
  return (
    <div className="settings">
      <p className="soft">{words.why}</p>
      {problem !== null && <Trouble what={templates === null ? words.failed : words.undone} problem={problem} onRetry={look} />}
      <div className="choice">
        <h4 className="choice-legend">{words.own}</h4>
        {templates === null && problem === null && <p className="soft">{words.loading}</p>}
        {templates !== null && own.length === 0 && <p className="soft">{words.none}</p>}
        <ul className="template-list">
          {own.map((template) => (
            <li key={template.id}>
              <span className="grow">{template.name}</span>
              <Button icon={Pencil} wordless small label={words.edit(template.name)} onClick={() => setEditing(template)} />
              <Button icon={Trash2} wordless small label={words.remove(template.name)} onClick={() => remove(template)} />
            </li>
          ))}
        </ul>
        <Button icon={Plus} label={words.add} look="outline" small onClick={() => setEditing(NEW)} />
      </div>
      <Shared templates={shared} />
      {editing !== null && (
        <TemplateDialog
          template={editing}
          id={editing.id}
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

function Shared({ templates }: { readonly templates: readonly Template[] }) {
  const words = useWords(WORDS);
  if (templates.length === 0) return null;
  return (
    <div className="choice">
      <h4 className="choice-legend">{words.shared}</h4>
      <p className="soft">{words.sharedWhy}</p>
      <ul className="template-list">
        {templates.map((template) => (
          <li key={template.id}>{template.name}</li>
        ))}
      </ul>
    </div>
  );
}
