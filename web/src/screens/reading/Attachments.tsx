import { CalendarDays, Download, File, FileArchive, FileImage, FileSpreadsheet, FileText, Mail, Music, Video } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';

import { useLanguage, type Words } from '../../i18n/index.tsx';
import type { Attachment } from '../../store/types.ts';

const BY_TYPE: readonly (readonly [RegExp, LucideIcon])[] = [
  [/^image\//, FileImage],
  [/^audio\//, Music],
  [/^video\//, Video],
  [/^text\/calendar|\/ics$/, CalendarDays],
  [/^message\//, Mail],
  [/spreadsheet|excel|csv|\.sheet/, FileSpreadsheet],
  [/zip|compressed|x-tar|x-7z|x-rar|gzip/, FileArchive],
  [/pdf|word|opendocument\.text|^text\/|presentation|powerpoint/, FileText],
];

export function fileIcon(type: string): LucideIcon {
  return BY_TYPE.find(([pattern]) => pattern.test(type.toLowerCase()))?.[1] ?? File;
}

/** A part without a name is called after what it is. */
function fileName(attachment: Attachment, reading: Words['reading']): string {
  if (attachment.name.trim() !== '') return attachment.name;
  if (attachment.type.startsWith('text/calendar')) return reading.invitation;
  return attachment.type.startsWith('message/') ? reading.attachedMessage : reading.namelessFile;
}

/** The files of a message: what kind, which name, how big; a press downloads. */
export function Attachments({ attachments }: { readonly attachments: readonly Attachment[] }) {
  const language = useLanguage();
  const { reading, actions } = language.words;
  return (
    <section className="attachments" aria-label={reading.attachments(attachments.length)}>
      <h2 className="attachments-title">{reading.attachments(attachments.length)}</h2>
      <ul>
        {attachments.map((attachment, at) => {
          const Icon = fileIcon(attachment.type);
          const name = fileName(attachment, reading);
          return (
            <li key={`${attachment.blob}-${at}`}>
              <a
                className="attachment"
                href={attachment.url}
                download={name}
                title={`${actions.download} ${name}`}
              >
                <Icon aria-hidden="true" size={20} strokeWidth={1.75} />
                <span className="attachment-name">{name}</span>
                <span className="attachment-size">{language.size(attachment.size)}</span>
                <Download aria-hidden="true" size={18} strokeWidth={1.75} className="attachment-get" />
                <span className="hidden-words">{actions.download}</span>
              </a>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
