import { DetailedError, Upload } from 'tus-js-client';

import { problemOfAnswer, WireError } from '../../wire/problems.ts';
import { cancelled } from '../../wire/road.ts';

const ENDPOINT = '/api/links/uploads';
/** What is lost at most when the line breaks; the platform takes twice as much. */
const PIECE_BYTES = 8 * 1024 * 1024;
const PAUSES_MS = [0, 1_000, 3_000, 5_000, 10_000, 20_000, 30_000];

function failureOf(error: Error): WireError {
  const answer = error instanceof DetailedError ? (error.originalResponse ?? null) : null;
  if (answer === null) return new WireError({ kind: 'offline' });
  return new WireError(problemOfAnswer(answer.getStatus(), answer.getBody(), (name) => answer.getHeader(name) ?? null));
}

/** One file on its way, in pieces (tus 1.0). `run` again goes on from where the last one broke. */
export class Journey {
  private readonly file: File;
  private readonly sensitive: boolean;
  private upload: Upload | null = null;
  private address: string | null = null;

  constructor(file: File, sensitive: boolean) {
    this.file = file;
    this.sensitive = sensitive;
  }

  /** The address of the link. Throws WireError, or an AbortError when the signal cancels: then nothing of it is kept. */
  run(signal: AbortSignal, onProgress: (sent: number) => void): Promise<string> {
    return new Promise((resolve, reject) => {
      const upload = this.upload ?? this.made();
      this.upload = upload;
      upload.options.onProgress = onProgress;
      upload.options.onError = (error) => reject(failureOf(error));
      upload.options.onSuccess = () => (this.address === null ? reject(new WireError({ kind: 'not-found' })) : resolve(this.address));
      signal.addEventListener('abort', () => {
        // What came so far is deleted; where that fails, the platform forgets it after a day.
        upload.abort(true).catch(() => undefined);
        reject(cancelled());
      });
      if (signal.aborted) reject(cancelled());
      else upload.start();
    });
  }

  private made(): Upload {
    return new Upload(this.file, {
      endpoint: ENDPOINT,
      chunkSize: PIECE_BYTES,
      retryDelays: PAUSES_MS,
      metadata: { filename: this.file.name, sensitive: this.sensitive ? '1' : '0' },
      // Nothing of it stays in the browser: the computer may be shared.
      storeFingerprintForResuming: false,
      onAfterResponse: (_request, answer) => {
        this.address = answer.getHeader('X-Casier-Link') ?? this.address;
      },
    });
  }
}
