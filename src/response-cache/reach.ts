import { type DocumentNode, visit } from 'graphql';
import { idField } from './entity-types.ts';

/** What of a document keeps the cache from understanding its results. */
export interface Reach {
  /** It introspects, comes in parts, or names fields as only the package that finds entities may: beyond the cache. */
  readonly isBeyond: boolean;
  /** It may leave out by a directive what tells objects apart, so that the package would not ask for it again. */
  readonly hidesIds: boolean;
}

export function reachOf(document: DocumentNode): Reach {
  let isBeyond = false;
  let hidesIds = false;
  visit(document, {
    Field({ alias, name: { value: name }, directives = [] }) {
      const isIntrospection = name.startsWith('__') && name !== '__typename';
      if (isIntrospection || alias?.value.startsWith('__') === true) isBeyond = true;
      if ((name === '__typename' || name === idField) && directives.length > 0) hidesIds = true;
    },
    Directive({ name: { value: name } }) {
      if (name === 'defer' || name === 'stream') isBeyond = true;
    },
  });
  return { isBeyond, hidesIds };
}
