import { type Editor, mergeAttributes, Node } from '@tiptap/core';
import { NodeSelection } from '@tiptap/pm/state';

import type { Attachment } from '../../store/types.ts';

/** A file that is more than this is joined as a file: a text must open quickly. */
export const LARGEST_PICTURE = 5_000_000;
/** Photographs are made as wide as any screen shows them in a message. */
const WIDEST = 1600;
const LIGHT = 400_000;
export const PICTURE = /^image\/(?:png|jpeg|gif|webp)$/;

/** A picture in the text, named by its Content-ID; while one writes it is drawn from `src`. */
export const Picture = Node.create({
  name: 'picture',
  group: 'inline',
  inline: true,
  draggable: true,
  addAttributes: () => ({
    src: { default: '' },
    cid: { default: '', parseHTML: (element) => element.getAttribute('data-cid'), renderHTML: ({ cid }) => ({ 'data-cid': String(cid) }) },
    alt: { default: '' },
    width: { default: null },
  }),
  parseHTML: () => [{ tag: 'img[data-cid]' }],
  renderHTML: ({ HTMLAttributes }) => ['img', mergeAttributes(HTMLAttributes)],
});

function attributeOf(tag: string, name: string): string {
  return new RegExp(`\\s${name}="([^"]*)"`, 'i').exec(tag)?.[1] ?? '';
}

/** Pictures of a draft where the browser finds them. */
export function drawn(html: string, attachments: readonly Attachment[]): string {
  return html.replace(/<img\b[^>]*>/gi, (tag) => {
    const cid = attributeOf(tag, 'src').replace(/^cid:/i, '');
    const file = attachments.find((each) => each.cid === cid);
    if (file === undefined) return '';
    return tag.replace(/\ssrc="[^"]*"/i, ` src="${file.url.replaceAll('&', '&amp;')}" data-cid="${cid}"`);
  });
}

/** Pictures of the editor by the names under which they travel. */
export function named(html: string): string {
  return html.replace(/<img\b[^>]*>/gi, (tag) => {
    const cid = attributeOf(tag, 'data-cid');
    return tag.replace(/\sdata-cid="[^"]*"/i, '').replace(/\ssrc="[^"]*"/i, ` src="cid:${cid}"`);
  });
}

/** A picture that was made lighter, and as it was. */
export interface Lighter {
  readonly original: File;
  readonly size: number;
}

/** Draw the picture CID otherwise; one step for « Annuler ». False when it isn't there any more. */
export function redraw(editor: Editor, cid: string, attributes: { readonly src: string; readonly cid: string }): boolean {
  let at = -1;
  editor.state.doc.descendants((node, position) => {
    if (node.type.name === 'picture' && node.attrs['cid'] === cid) at = position;
  });
  const node = at < 0 ? null : editor.state.doc.nodeAt(at);
  if (node === null) return false;
  const changed = editor.state.tr.setNodeMarkup(at, undefined, { ...node.attrs, ...attributes });
  editor.view.dispatch(changed.setSelection(NodeSelection.create(changed.doc, at)));
  return true;
}

/** A lighter copy of a large photograph; the file itself when it is light, moves, or can't be drawn. */
export async function lightened(file: File): Promise<File> {
  if (file.size < LIGHT || file.type === 'image/gif') return file;
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, WIDEST / bitmap.width);
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const type = file.type === 'image/png' ? 'image/png' : 'image/jpeg';
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, 0.85));
    return blob === null || blob.size >= file.size ? file : new File([blob], file.name, { type });
  } catch {
    return file;
  }
}

/** Pictures that lie inside pasted HTML itself become files; those of the web are left out by the editor. */
export function filesInside(html: string): { readonly html: string; readonly files: readonly { readonly file: File; readonly cid: string }[] } {
  const files: { file: File; cid: string }[] = [];
  const changed = html.replace(/<img\b[^>]*\ssrc="data:(image\/(?:png|jpeg|gif|webp));base64,([^"]+)"[^>]*>/gi, (_tag, type: string, data: string) => {
    try {
      const bytes = Uint8Array.from(atob(data.replace(/\s/g, '')), (character) => character.charCodeAt(0));
      const file = new File([bytes], `image.${type.split('/')[1] ?? 'png'}`, { type });
      const cid = newCid();
      files.push({ file, cid });
      return `<img src="${URL.createObjectURL(file)}" data-cid="${cid}">`;
    } catch {
      return '';
    }
  });
  return { html: changed, files };
}

export function newCid(): string {
  return `${crypto.randomUUID()}@casier`;
}

/** A picture that the page draws, as a file: of a message that is read beside, or of another draft. */
async function fileOf(src: string): Promise<File> {
  const image = new Image();
  image.src = src;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  canvas.getContext('2d')?.drawImage(image, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('no picture');
  return new File([blob], 'image.png', { type: 'image/png' });
}

/** Pictures copied from another draft bear names that this one doesn't know: each is uploaded again under its own. */
export function adopted(html: string, known: (cid: string) => boolean, onPicture: (file: File, cid: string) => void): string {
  return html.replace(/<img\b[^>]*>/gi, (tag) => {
    const [cid, src] = [attributeOf(tag, 'data-cid'), attributeOf(tag, 'src')];
    if (cid === '' || known(cid) || !(src.startsWith('blob:') || src.startsWith('/jmap/download/'))) return tag;
    const next = newCid();
    fileOf(src.replaceAll('&amp;', '&')).then(
      (file) => onPicture(file, next),
      () => undefined, // What can't be read isn't sent: its place is left out.
    );
    return tag.replace(cid, next);
  });
}
