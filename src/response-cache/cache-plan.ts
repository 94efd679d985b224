import {
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { type AskedField, visitAskedFields } from './asked-fields.ts';
import { canFindEntities, concealsIds, type EntityRules, ResponseKeys } from './entity-types.ts';
import { type CacheHint, type CacheScope, hintsFor, typesOf } from './hints.ts';
import { reachOf } from './reach.ts';
import { fieldTag, membersTag, namedTypeTag, type Tag, typeTag } from './tags.ts';

/** How the answers to an operation may be kept. */
export interface CachePlan {
  /** Seconds, at least 1. */
  readonly maxAge: number;
  /** For how many seconds after the maxAge an answer may be given while a fresh one is made. */
  readonly staleWhileRevalidate: number;
  /** For how many seconds after the maxAge an answer may be given where making a fresh one fails. */
  readonly staleIfError: number;
  /** PRIVATE as soon as any part is: then each caller has their own answer. */
  readonly scope: CacheScope;
  /** What drops every answer, whatever data is in it. */
  readonly tags: readonly Tag[];
  /** The types of single objects whose ids tell more than their tags, by response key. */
  readonly singles: ReadonlyMap<string, readonly string[]>;
  /** Whether the ids of single objects are to be found in the answer. */
  readonly findsEntities: boolean;
  /** The response keys of values in which no objects of the schema are to be found. */
  readonly opaque: ReadonlySet<string>;
}

/**
 * What `@cacheControl` says of one operation, by Apollo's rules: every root field and every field that leads to an
 * object has the maxAge 0 unless it or its type declares one or inherits it, and the smallest of all counts. It goes
 * by field names, so aliases and fragments change nothing. All of the operation counts, also what `@skip` leaves out.
 * @param document one operation with the fragments it uses, valid for the schema
 * @returns undefined if answers must not be kept
 */
export function planCache(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  rules: EntityRules,
): CachePlan | undefined {
  const { isBeyond, hidesIds } = reachOf(document);
  if (operation.operation !== OperationTypeNode.QUERY || isBeyond) return undefined;
  const times = new Times();
  const content = new Content(schema);
  let scope: CacheScope = 'PUBLIC';
  const listDepth = visitAskedFields(schema, document, operation, (asked) => {
    const hints = hintsFor(schema, asked.parent, asked.field);
    for (const hint of hints) times.restrict(hint, asked);
    if (hints.some((hint) => hint.scope === 'PRIVATE')) scope = 'PRIVATE';
    content.add(asked, hints);
    return true;
  });
  const ages = times.result;
  return ages && { ...ages, scope, ...content.finish(listDepth, hidesIds ? undefined : rules) };
}

/** The shortest times that anything asks for. */
class Times {
  #fresh = Infinity;
  #stale = Infinity;
  #error = Infinity;

  restrict(hint: CacheHint, { isRoot, leadsTo }: AskedField): void {
    const { maxAge = defaultAge(hint, isRoot, leadsTo !== undefined) } = hint;
    this.#fresh = Math.min(this.#fresh, maxAge);
    this.#stale = Math.min(this.#stale, maxAge + (hint.staleWhileRevalidate ?? 0));
    this.#error = Math.min(this.#error, maxAge + (hint.staleIfError ?? 0));
  }

  get result(): Pick<CachePlan, 'maxAge' | 'staleWhileRevalidate' | 'staleIfError'> | undefined {
    if (this.#fresh < 1 || this.#fresh === Infinity) return undefined;
    const maxAge = this.#fresh;
    return { maxAge, staleWhileRevalidate: this.#stale - maxAge, staleIfError: this.#error - maxAge };
  }
}

function defaultAge({ inheritMaxAge }: CacheHint, isRoot: boolean, isComposite: boolean): number {
  // A root field has no parent to inherit from.
  return isRoot || (isComposite && inheritMaxAge !== true) ? 0 : Infinity;
}

/** What an answer holds, as far as that is known before it is made. */
class Content {
  readonly #schema: GraphQLSchema;
  readonly #fields = new Set<string>();
  /** All types of objects, also of those whose changes do not matter. */
  readonly #reached = new Set<string>();
  readonly #types = new Set<string>();
  readonly #listed = new Set<string>();
  /** The types of objects that are dropped only by who names the type. */
  readonly #named = new Set<string>();
  readonly #single = new Map<string, Set<string>>();
  readonly #keys = new ResponseKeys();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  add(asked: AskedField, hints: readonly CacheHint[]): void {
    const { key, parent, field, leadsTo, isList } = asked;
    this.#keys.add(asked);
    for (const { name } of typesOf(this.#schema, parent)) this.#fields.add(`${name}.${field.name}`);
    if (leadsTo === undefined) return;
    const names = typesOf(this.#schema, leadsTo).map(({ name }) => name);
    for (const name of names) this.#reached.add(name);
    if (hints.every(({ level }) => level === 'TTL')) {
      for (const name of names) this.#named.add(name);
      return;
    }
    for (const name of names) this.#types.add(name);
    // An object of which it is not known which one it is may be any of a list of all.
    if (isList || concealsIds(this.#schema, leadsTo)) for (const name of names) this.#listed.add(name);
    else addTo(this.#single, key, names);
  }

  /** A list of a type is dropped by any change of its objects, so that their ids say nothing new. */
  finish(
    listDepth: number,
    rules: EntityRules | undefined,
  ): Pick<CachePlan, 'tags' | 'singles' | 'findsEntities' | 'opaque'> {
    const fresh = [...this.#single].map(([key, names]) => {
      return [key, [...names].filter((name) => !this.#listed.has(name))] as const;
    });
    const singles = new Map(fresh.filter(([, names]) => names.length > 0));
    const single = new Set([...singles.values()].flat());
    const { opaque } = this.#keys;
    const findsEntities =
      single.size > 0 &&
      rules !== undefined &&
      opaque !== undefined &&
      canFindEntities(this.#schema, this.#reached, listDepth, rules);
    const members = findsEntities ? this.#listed : new Set([...this.#listed, ...single]);
    return {
      tags: [
        ...Array.from(this.#fields, fieldTag),
        ...Array.from(this.#types, typeTag),
        ...Array.from(members, membersTag),
        ...Array.from(this.#named, namedTypeTag),
      ],
      singles: findsEntities ? singles : new Map(),
      findsEntities,
      opaque: opaque ?? new Set(),
    };
  }
}

function addTo(map: Map<string, Set<string>>, key: string, values: readonly string[]): void {
  const set = map.get(key) ?? new Set();
  for (const value of values) set.add(value);
  map.set(key, set);
}
