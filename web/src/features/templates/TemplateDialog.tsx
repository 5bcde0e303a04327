import type { Editor as TextEditor } from '@tiptap/core';
import { Braces } from 'lucide-react';
import { lazy, useId, useRef, useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import { useAnnounce } from '../../ui/Announcer.tsx';
import { Apart, Unloaded } from '../../ui/Apart.tsx';
import { Button } from '../../ui/Button.tsx';
import { useClient } from '../../ui/client.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import { problemOf, type Problem } from '../../wire/problems.ts';
import { cleanTemplate, type Place, saveTemplate, type Written } from './service.ts';
import { WORDS } from './words.ts';
import './templates.css';

/** Filled in when the template is used; any other name is left to whoever writes. */
const FIELDS = ['destinataire', 'date', 'nom', 'fonction', 'etablissement', 'ville', 'academie', 'adresse'] as const;

const Editor = lazy(() => import('../../compose/editor/Editor.tsx').then((module) => ({ default: module.Editor })));

interface Props {
  readonly template: Written;
  /** Null: a new one. */
  readonly id: string | null;
  /** The mailbox that a new one may be kept in instead of among one's own. */
  readonly place?: Place | null;
  /** A new one is the mailbox's unless one says otherwise. */
  readonly forPlace?: boolean;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}

export function TemplateDialog({ template, id, place = null, forPlace = false, onClose, onSaved }: Props) {
  const words = useWords(WORDS);
  const { services } = useClient();
  const announce = useAnnounce();
  const [written, setWritten] = useState<Written>(() => ({ ...template, html: cleanTemplate(template.html) }));
  const [start] = useState(written.html);
  const [whose, setWhose] = useState(forPlace ? (place?.key ?? '') : '');
  const [problem, setProblem] = useState<Problem | null>(null);
  const field = useId();
  const editor = useRef<TextEditor | null>(null);
  const save = (): Promise<void> =>
    saveTemplate(services.road, written, id, whose === '' ? null : whose).then(
      () => {
        announce(words.saved);
        onSaved();
      },
      (caught: unknown) => setProblem(problemOf(caught)),
    );
  return (
    <Dialog
      title={id === null ? words.add : words.edit(template.name)}
      wide
      onClose={onClose}
      footer={
        <>
          <Button label={words.cancel} look="outline" onClick={onClose} />
          <Button label={words.save} look="primary" disabled={written.name.trim() === ''} onClick={() => void save()} />
        </>
      }
    >
      <div className="template-form">
        <label htmlFor={`${field}-name`}>{words.name}</label>
        <input
          id={`${field}-name`}
          className="input"
          maxLength={100}
          value={written.name}
          aria-required
          aria-describedby={`${field}-needed`}
          onChange={(event) => setWritten({ ...written, name: event.target.value })}
        />
        <p id={`${field}-needed`} className="soft">
          {words.needed}
        </p>
        {place !== null && (
          <>
            <label htmlFor={`${field}-place`}>{words.place}</label>
            <select id={`${field}-place`} className="input" value={whose} onChange={(event) => setWhose(event.target.value)}>
              <option value="">{words.onlyMe}</option>
              <option value={place.key}>{words.allOf(place.name)}</option>
            </select>
          </>
        )}
        <label htmlFor={`${field}-subject`}>{words.subject}</label>
        <input
          id={`${field}-subject`}
          className="input"
          maxLength={500}
          value={written.subject}
          onChange={(event) => setWritten({ ...written, subject: event.target.value })}
        />
        <div className="template-editor">
          <Apart instead={<Unloaded />}>
            <Editor
              html={start}
              attachments={[]}
              autoFocus={false}
              label={words.text}
              onChange={(html) => setWritten((before) => ({ ...before, html }))}
              onReady={(created) => {
                editor.current = created;
              }}
            />
          </Apart>
        </div>
        <div className="template-fields">
          <Menu
            label={words.addField}
            items={FIELDS.map((name) => ({
              key: name,
              label: words.fields[name],
              act: () => editor.current?.chain().focus().insertContent(`{{${name}}}`).run(),
            }))}
            trigger={(given) => <Button icon={Braces} label={words.addField} small look="outline" {...given} />}
          />
          <p className="soft">{words.fieldsWhy}</p>
        </div>
        {problem !== null && <Trouble what={words.unsaved} problem={problem} onRetry={save} />}
      </div>
    </Dialog>
  );
}
