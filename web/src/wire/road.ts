/** How the client reaches the network; the mock server is another one. */
export interface Road {
  fetch(this: void, path: string, init: RequestInit): Promise<Response>;
  upload(this: void, path: string, body: Blob, options: UploadOptions): Promise<UploadAnswer>;
  /** A file in pieces, begun at PATH (tus 1.0). */
  journey(this: void, path: string, file: File, pieces: Pieces): Journey;
  events(this: void, path: string): EventStream;
}

export interface UploadOptions {
  readonly type: string;
  readonly signal: AbortSignal;
  readonly onProgress: (sent: number) => void;
}

export interface Pieces {
  /** What is lost at most when the line breaks. */
  readonly bytes: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** So many bytes are there; WAITING: the server doesn't take more at the moment, and is asked again. */
export type OnProgress = (sent: number, waiting?: boolean) => void;

/** One file on its way, in pieces. */
export interface Journey {
  /** To its end; run again, it goes on from where the last one broke. Throws WireError, or an AbortError: then nothing of it is kept. */
  run(signal: AbortSignal, onProgress: OnProgress): Promise<JourneyEnd>;
}

export interface JourneyEnd {
  /** The path of what was uploaded. */
  readonly location: string;
  /** `X-Casier-Link`, where the platform gave one. */
  readonly link: string | null;
}

export interface UploadAnswer {
  readonly status: number;
  readonly body: string;
  readonly header: (name: string) => string | null;
}

export interface EventStream {
  onopen: (() => void) | null;
  /** The stream broke; it is closed then, since coming back is the caller's matter. */
  onerror: (() => void) | null;
  on(event: string, listener: (data: string) => void): void;
  close(): void;
}

/** Thrown by `Road.upload` when its signal fires; a failing network is a `TypeError`, as with fetch. */
export function cancelled(): DOMException {
  return new DOMException('cancelled', 'AbortError');
}

/** XMLHttpRequest, because fetch doesn't tell how much of a body has left. */
function uploadByXhr(path: string, body: Blob, { type, signal, onProgress }: UploadOptions): Promise<UploadAnswer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(cancelled());
      return;
    }
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    request.open('POST', path);
    request.setRequestHeader('Content-Type', type === '' ? 'application/octet-stream' : type);
    request.setRequestHeader('Accept', 'application/json');
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onload = () =>
      resolve({ status: request.status, body: request.responseText, header: (name) => request.getResponseHeader(name) });
    request.onerror = () => reject(new TypeError('network'));
    request.onabort = () => reject(cancelled());
    request.onloadend = () => signal.removeEventListener('abort', stop);
    signal.addEventListener('abort', stop);
    request.send(body);
  });
}

/** EventSource hides what a refused connection answered, and comes back too eagerly after one: we close and decide. */
function eventsBySource(path: string): EventStream {
  const source = new EventSource(path);
  const stream: EventStream = {
    onopen: null,
    onerror: null,
    on(event, listener) {
      source.addEventListener(event, (message: MessageEvent<string>) => listener(message.data));
    },
    close: () => source.close(),
  };
  source.onopen = () => stream.onopen?.();
  source.onerror = () => {
    source.close();
    stream.onerror?.();
  };
  return stream;
}

/** The protocol is fetched when the first large file wants it. */
function journeyByTus(path: string, file: File, pieces: Pieces): Journey {
  let journey: Journey | null = null;
  return {
    async run(signal, onProgress) {
      const { TusJourney } = await import('./journey.ts');
      journey ??= new TusJourney(path, file, pieces);
      return journey.run(signal, onProgress);
    },
  };
}

export const browserRoad: Road = {
  fetch: (path, init) => fetch(path, init),
  upload: uploadByXhr,
  journey: journeyByTus,
  events: eventsBySource,
};
