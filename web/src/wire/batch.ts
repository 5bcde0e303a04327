import type { MethodName, Methods, Reference } from './jmap-types.ts';
import { problemOfJmap, WireError } from './problems.ts';

/** A method call in a batch; `ref` lets a later call of the same batch use its result (RFC 8620 §3.7). */
export class Call<Name extends MethodName> {
  readonly name: Name;
  readonly id: string;

  constructor(name: Name, id: string) {
    this.name = name;
    this.id = id;
  }

  ref(path: string): Reference {
    return { resultOf: this.id, name: this.name, path };
  }
}

export type Triple = readonly [name: string, args: unknown, id: string];

/** Several method calls that travel as one request. */
export class Batch {
  readonly calls: Triple[] = [];
  /** Capabilities beyond those of every request. */
  readonly using: string[] = [];

  add<Name extends MethodName>(name: Name, args: Methods[Name]['args']): Call<Name> {
    const call = new Call(name, this.calls.length.toString());
    this.calls.push([name, args, call.id]);
    return call;
  }
}

interface Failed {
  readonly type: string;
  readonly description: string | null;
}

/** The answers to a batch, each read by the call that asked. */
export class Answers {
  private readonly byId = new Map<string, Triple>();

  constructor(responses: readonly Triple[]) {
    for (const response of responses) if (!this.byId.has(response[2])) this.byId.set(response[2], response);
  }

  /** Why a call failed; null when it didn't. */
  failure(call: Call<MethodName>): Failed | null {
    const response = this.byId.get(call.id);
    if (response === undefined) return { type: 'serverFail', description: null };
    if (response[0] !== 'error') return null;
    const said = response[1] as { readonly type?: string; readonly description?: string };
    return { type: said.type ?? 'serverFail', description: said.description ?? null };
  }

  /** The result of a call. Throws WireError when the method failed. */
  of<Name extends MethodName>(call: Call<Name>): Methods[Name]['result'] {
    const failed = this.failure(call);
    if (failed !== null) throw new WireError(problemOfJmap(failed.type, failed.description));
    return this.byId.get(call.id)?.[1] as Methods[Name]['result'];
  }
}
