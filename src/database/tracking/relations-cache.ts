import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { DatabaseConnection } from 'kysely';
import type { Relations } from './relations.ts';

/** Asks a database for its relations, through a connection that may be in the middle of a transaction. */
export type LoadRelations = (connection: DatabaseConnection) => Promise<Relations>;

export interface RelationsCacheOptions {
  /** Milliseconds after which relations are loaded again, in case others have changed them; by default never. */
  readonly maxAgeMs?: number | undefined;
  /** Milliseconds since any moment; by default those of the process. */
  readonly now?: () => number;
}

/** The relations of a database, loaded when they are first needed and again after they have changed or grown old. */
export class RelationsCache {
  readonly #load: LoadRelations;
  readonly #maxAgeMs: number;
  readonly #now: () => number;
  #askedAt = -Infinity;
  #relations: Relations | undefined;
  #version = 0;
  #changes = 0;

  constructor(
    load: LoadRelations,
    { maxAgeMs = Infinity, now = () => performance.now() }: RelationsCacheOptions = {},
  ) {
    this.#load = load;
    this.#maxAgeMs = maxAgeMs;
    this.#now = now;
  }

  /** Grows whenever what was known has become doubtful. */
  get version(): number {
    return this.#version;
  }

  /** What is known without asking; undefined while there is nothing to rely on. */
  get known(): Relations | undefined {
    return this.#relations;
  }

  /** The relations, asked for where need be; undefined while they change or when asking fails. */
  get(connection: DatabaseConnection): MaybePromise<Relations | undefined> {
    if (this.#changes > 0) return undefined;
    return this.#areFresh() ? this.#relations : this.#ask(connection);
  }

  #areFresh(): boolean {
    if (this.#relations === undefined) return false;
    return this.#maxAgeMs === Infinity || this.#now() - this.#askedAt <= this.#maxAgeMs;
  }

  async #ask(connection: DatabaseConnection): Promise<Relations | undefined> {
    const version = this.#version;
    // While one asks again, the others go on with what is known.
    this.#askedAt = this.#now();
    try {
      const loaded = await this.#load(connection);
      if (version !== this.#version) return undefined;
      this.#relations = loaded;
      return loaded;
    } catch {
      // The query itself will tell what is wrong, and the next one asks again.
      this.#askedAt = -Infinity;
      return undefined;
    }
  }

  forget(): void {
    this.#version += 1;
    this.#relations = undefined;
  }

  /** From now until the returned function is called nothing is certain: others may see the change at any moment. */
  startChange(): () => void {
    this.#changes += 1;
    this.forget();
    return () => {
      this.#changes -= 1;
      this.forget();
    };
  }
}
