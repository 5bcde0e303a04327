import type { EmailId, Me } from '../store/types.ts';

/** The section `images` of what people choose. */
export interface ImageChoices {
  readonly mode: 'ask' | 'never';
  /** Addresses, in small letters, whose pictures are shown without asking. */
  readonly senders: readonly string[];
}

const FIRST: ImageChoices = { mode: 'ask', senders: [] };
const MOST_SENDERS = 1000;

export function imageChoices(me: Pick<Me, 'settings'> | null): ImageChoices {
  return { ...FIRST, ...(me?.settings['images'] as Partial<ImageChoices> | undefined) };
}

/** The same choices with one more sender, the oldest forgotten where there are too many. */
export function withSender(choices: ImageChoices, sender: string): ImageChoices {
  const address = sender.toLowerCase();
  const others = choices.senders.filter((one) => one !== address);
  return { ...choices, senders: [...others, address].slice(-MOST_SENDERS) };
}

export function mayShow(choices: ImageChoices, sender: string | null): boolean {
  return choices.mode === 'ask' && sender !== null && choices.senders.includes(sender.toLowerCase());
}

/** Messages whose pictures were asked for: remembered as long as this page lives, no longer. */
export const agreed = new Set<EmailId>();
