import type { LucideIcon } from 'lucide-react';
import { type ComponentType, createContext, lazy, type LazyExoticComponent, type ReactNode, use, useCallback, useMemo, useRef, useState } from 'react';

import type { Client } from '../commands/types.ts';
import { type Language, useLanguage } from '../i18n/index.tsx';
import type { AccountId, Attachment, ConversationView, Draft, ListSpec, Mailbox, MailboxRole, Me, Message, Row } from '../store/types.ts';
import { Apart } from './Apart.tsx';
import { useClient, useRead } from './client.tsx';
import { FailedSheet, MissingSheet } from './FailedSheet.tsx';
import type { MenuItem } from './Menu.tsx';

/** Draws a sheet over the page, loaded when it is wanted; it is told how to close itself. */
export type Sheet<Props extends object> = LazyExoticComponent<ComponentType<Props & { readonly onClose: () => void }>>;
type SheetLoader<Props extends object> = () => Promise<ComponentType<Props & { readonly onClose: () => void }>>;

/** What a feature's acts work with. */
export interface Page extends Client {
  readonly me: Me;
  readonly language: Language;
  /** Open a sheet; one at a time. */
  readonly show: <Props extends object>(sheet: Sheet<Props>, props: Props) => void;
}

/** Something one can do, by button, key or palette. */
export interface Act {
  readonly id: string;
  readonly label: string;
  /** Heading in the palette and in the help of keys. */
  readonly group: string;
  readonly icon?: LucideIcon;
  /** One key, or two one after the other: `l`, `g l`; `ctrl+` before what is pressed with it. */
  readonly keys?: string;
  /** Keys that do the same and needn't be told. */
  readonly also?: readonly string[];
  /** Whether it would do something now; left out: always. */
  readonly can?: () => boolean;
  /** It opens something to type in, loaded when wanted: what is typed before that has the keys acts on nothing. */
  readonly typed?: boolean;
  /** Not in the palette: it makes sense by its key alone. */
  readonly hidden?: boolean;
  readonly run: () => void;
}

/** A part of the settings, drawn when it is opened. */
export interface SettingsPanel {
  readonly id: string;
  readonly title: string;
  readonly icon: LucideIcon;
  /** Lower comes first; the general ones have 0. */
  readonly order: number;
  readonly Panel: LazyExoticComponent<ComponentType<{ readonly me: Me }>>;
}

type Drawings = { readonly [Name in keyof Slots]?: ComponentType<Slots[Name]> };

/** The places of the page in which features draw, with what each is given there. */
interface Slots {
  /** Below the top bar, over the whole page: announcements. */
  readonly PageTop: { readonly me: Me };
  /** At the foot of the page: what comes while one works moves nothing there. */
  readonly PageFoot: { readonly me: Me };
  /** At the end of the top bar, before the account. */
  readonly TopBar: { readonly me: Me };
  /** In the left pane, below one's own folders. */
  readonly Sidebar: { readonly me: Me; readonly onChosen: () => void };
  readonly ListTop: object;
  /** Below what is said of a list that holds nothing. */
  readonly ListEmpty: { readonly spec: ListSpec; readonly role: MailboxRole | null };
  /** Small marks at the end of a row of the list. */
  readonly RowMarks: { readonly row: Row };
  readonly ConversationTop: { readonly view: ConversationView };
  /** Between a message's header and its text. */
  readonly MessageTop: { readonly message: Message };
  readonly MessageBottom: { readonly message: Message };
  /** Above the fields of a composer; buttons beside its own. */
  readonly ComposerTop: { readonly draft: Draft };
  readonly ComposerTools: {
    readonly draft: Draft;
    /** Send after the usual questions; at a moment (ISO 8601), or null for at once. */
    readonly send: (at: string | null) => void;
    /** Put HTML where one writes. */
    readonly insert: (html: string) => void;
    /** Put HTML below what is written; the keys stay where they are. */
    readonly add: (html: string) => void;
    /** Files, as if they had been dropped on the composer; those of a folder become one zip. */
    readonly attach: (files: readonly File[]) => void;
  };
  /** Always there, draws nothing by itself: listens, registers. */
  readonly Background: { readonly me: Me };
}

/**
 * A capability of the mail page, in a folder of its own below `features/`: its screens, its acts, its words, its tests.
 * This object is loaded at once, so it holds little: what is drawn only when asked for is `lazy`.
 */
export interface Feature extends Drawings {
  readonly id: string;
  readonly acts?: (page: Page) => readonly Act[];
  readonly settings?: (page: Page) => readonly SettingsPanel[];
  /** Whether `RowMarks` draws something on a row: room is kept for it. */
  readonly marksOn?: (row: Row) => boolean;
  /** Lines of the menu of one message. */
  readonly messageActs?: (page: Page, message: Message) => readonly MenuItem[];
  /** Lines of the menu of an open conversation, or of what is selected in the list (`view` null). */
  readonly conversationActs?: (page: Page, view: ConversationView | null) => readonly MenuItem[];
  readonly folderActs?: (page: Page, folder: Mailbox) => readonly MenuItem[];
  /** A question before a message leaves, or null; who answers too late isn't waited for. */
  readonly beforeSending?: (page: Page, draft: Draft) => Promise<{ readonly title: string; readonly text: string } | null>;
  /** Takes the files that it carries by a road of its own; gives back those that are to be attached. */
  readonly takeFiles?: (page: Page, taking: Taking) => readonly File[];
  /** Show the files of a message over the page, beginning with one of them. Where nobody does, a press downloads. */
  readonly openFiles?: (page: Page, files: readonly Attachment[], at: number, account: AccountId) => void;
  /** Save them all, as one file called after NAME. */
  readonly saveFiles?: (page: Page, files: readonly Attachment[], name: string) => void;
  readonly attachmentActs?: (page: Page, attachment: Attachment, message: Message | null) => readonly MenuItem[];
}

/** Files that somebody adds to a draft. */
export interface Taking {
  readonly draft: Draft;
  readonly files: readonly File[];
  /** Put HTML where one writes. */
  readonly insert: (html: string) => void;
}

interface Surroundings {
  readonly features: readonly Feature[];
  readonly show: Page['show'];
}

const FeaturesContext = createContext<Surroundings>({ features: [], show: () => undefined });

/** Holds the features, and the sheet that one of them has opened. */
export function FeaturesProvider({ features, children }: { readonly features: readonly Feature[]; readonly children: ReactNode }) {
  const [open, setOpen] = useState<ReactNode>(null);
  const number = useRef(0);
  const show = useCallback<Page['show']>((Shown, props) => {
    const close = (): void => setOpen(null);
    number.current += 1;
    setOpen(
      <Apart key={number.current} instead={<MissingSheet onClose={close} />}>
        <Shown {...props} onClose={close} />
      </Apart>,
    );
  }, []);
  const value = useMemo(() => ({ features, show }), [features, show]);
  return (
    <FeaturesContext value={value}>
      {children}
      {open}
    </FeaturesContext>
  );
}

/** A sheet that is loaded when it is first shown. */
export function sheet<Props extends object>(load: SheetLoader<Props>): Sheet<Props> {
  return lazy(async () => ({ default: await load() }));
}

/** Says what failed, where the page has no place of its own for it. */
export const FAILED = sheet(() => Promise.resolve(FailedSheet));

/** What the acts of features need. Only below the shell, where one knows who is here. */
export function usePage(): Page {
  const client = useClient();
  const language = useLanguage();
  const me = useRead((store) => store.me());
  if (me === null) throw new Error('nobody is here yet');
  const { show } = use(FeaturesContext);
  return useMemo(() => ({ ...client, me, language, show }), [client, me, language, show]);
}

export function useFeatures(): readonly Feature[] {
  return use(FeaturesContext).features;
}

interface SlotProps<Name extends keyof Slots> {
  readonly name: Name;
  readonly with: Slots[Name];
  /** All of them at once, below a `Suspense`: one that comes later would move what stands below it. */
  readonly together?: boolean;
}

/** What all features draw in one place, in their order. */
export function Slot<Name extends keyof Slots>({ name, with: given, together = false }: SlotProps<Name>): ReactNode {
  return useFeatures().map((feature) => {
    const Drawn = feature[name] as ComponentType<Slots[Name]> | undefined;
    return Drawn === undefined ? null : (
      <Apart key={feature.id} instead={null} together={together}>
        <Drawn {...given} />
      </Apart>
    );
  });
}
