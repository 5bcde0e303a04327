import { FileText, TriangleAlert } from 'lucide-react';
import { useState } from 'react';

import { splitDraft } from '../../compose/editor/quoted.ts';
import { calendarDay } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { Draft } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useClient, useRead } from '../../ui/client.tsx';
import { FAILED, usePage } from '../../ui/features.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { problemOf, type Problem } from '../../wire/problems.ts';
import { cleanTemplate, type Fields, fieldsOf, filled, fitting, functional, hasFields, placeOf, type Template, templatesOf } from './service.ts';
import { TemplateDialog } from './TemplateDialog.tsx';
import { WORDS } from './words.ts';

interface Props {
  readonly draft: Draft;
  readonly insert: (html: string) => void;
}

/** Choose a template while writing, or keep what is written as one. */
export function TemplatesTool({ draft, insert }: Props) {
  const words = useWords(WORDS);
  const { locale } = useLanguage();
  const { services, commands } = useClient();
  const accounts = useRead((store) => store.accounts());
  const place = placeOf(accounts, draft.content.from);
  const writable = functional(accounts).some(({ mailboxKey, writes }) => mailboxKey === place?.key && writes === true);
  const [templates, setTemplates] = useState<readonly Template[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [keeping, setKeeping] = useState(false);

  const page = usePage();

  const look = async (): Promise<void> => {
    setTemplates(await templatesOf(services.road));
    setProblem(null);
  };
  const put = (template: Template, fields: Fields): void => {
    if (draft.content.subject === '' && template.subject !== '') {
      void commands.run('edit', { draft: draft.key, change: { subject: filled(template.subject, fields, 'text') } });
    }
    insert(cleanTemplate(filled(template.html, fields, 'html')));
  };
  const take = (template: Template): void => {
    if (!hasFields(template.subject + template.html)) {
      put(template, {});
      return;
    }
    const own = {
      date: calendarDay(services.now(), locale),
      destinataire: draft.content.to[0]?.name ?? '',
    };
    // Where the directory can't be asked, its fields stay open like any other.
    void fieldsOf(services.road).then(
      (fields) => put(template, { ...fields, ...own }),
      () => put(template, own),
    );
  };
  const none =
    problem === null
      ? { key: 'none', label: templates === null ? words.loading : words.none, disabled: true }
      : { key: 'failed', label: words.failed, icon: TriangleAlert, act: () => page.show(FAILED, { what: words.failed, problem, retry: look }) };
  const lines = fitting(templates ?? [], place).map((template) => ({
    key: template.id,
    label: template.mailbox === null ? template.name : words.ofMailbox(template.name, template.mailbox.name),
    act: () => take(template),
  }));
  return (
    <>
      <Menu
        label={words.templates}
        items={[
          ...(lines.length > 0 ? lines : [none]),
          { key: 'keep', label: words.saveThis, act: () => setKeeping(true) },
        ]}
        trigger={(given) => (
          <Button
            icon={FileText}
            label={words.templates}
            wordless
            data-act="templates"
            {...given}
            onClick={() => {
              look().catch((caught: unknown) => setProblem(problemOf(caught)));
              given.onClick();
            }}
          />
        )}
      />
      {keeping && (
        <TemplateDialog
          template={{ name: draft.content.subject, subject: draft.content.subject, html: splitDraft(draft.content.html).own }}
          id={null}
          place={writable ? place : null}
          onClose={() => setKeeping(false)}
          onSaved={() => setKeeping(false)}
        />
      )}
    </>
  );
}
