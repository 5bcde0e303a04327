/** What this build of the web client consists of; `tools/service-worker.ts` writes it in. */
export interface Build {
  /** Another one whenever any file of the client is another one. */
  readonly version: string;
  /** Paths that the first screen needs, `/courrier/` first. */
  readonly shell: readonly string[];
  /** Paths of what is loaded when it is wanted. */
  readonly later: readonly string[];
}

declare const __CASIER_BUILD__: Build;

export const BUILD: Build = __CASIER_BUILD__;
