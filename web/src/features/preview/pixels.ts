/** How large a picture says it is, read from its first bytes, so that a small file can't fill the memory unseen. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
}

export const MOST_PIXELS = 120e6;

export function pixelsOf(bytes: ArrayBuffer): Pixels | null {
  const view = new DataView(bytes);
  try {
    return png(view) ?? gif(view) ?? webp(view) ?? bmp(view) ?? jpeg(view);
  } catch {
    return null;
  }
}

function png(view: DataView): Pixels | null {
  if (view.getUint32(0) !== 0x89504e47) return null;
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

function gif(view: DataView): Pixels | null {
  if (view.getUint32(0) !== 0x47494638) return null;
  return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

function bmp(view: DataView): Pixels | null {
  if (view.getUint16(0) !== 0x424d) return null;
  return { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) };
}

function webp(view: DataView): Pixels | null {
  if (view.getUint32(0) !== 0x52494646 || view.getUint32(8) !== 0x57454250) return null;
  const form = view.getUint32(12);
  if (form === 0x56503858) return { width: 1 + triple(view, 24), height: 1 + triple(view, 27) };
  if (form === 0x5650384c) {
    const packed = view.getUint32(21, true);
    return { width: 1 + (packed & 0x3fff), height: 1 + ((packed >>> 14) & 0x3fff) };
  }
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
}

function triple(view: DataView, at: number): number {
  return view.getUint8(at) | (view.getUint8(at + 1) << 8) | (view.getUint8(at + 2) << 16);
}

/** Segment after segment until the one that starts a frame. */
function jpeg(view: DataView): Pixels | null {
  if (view.getUint16(0) !== 0xffd8) return null;
  let at = 2;
  while (at < view.byteLength - 9) {
    const mark = view.getUint16(at);
    const frame = mark >= 0xffc0 && mark <= 0xffcf && mark !== 0xffc4 && mark !== 0xffc8 && mark !== 0xffcc;
    if (frame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += mark === 0xffff ? 1 : 2 + view.getUint16(at + 2);
  }
  return null;
}
