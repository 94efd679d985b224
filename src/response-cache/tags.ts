/**
 * What answers are found by when something changes. Each kind of tag has a form of its own, of characters that no name
 * in GraphQL has, so that no two things share a tag.
 */
export type Tag = string;

/** Answers that hold objects of this type. */
export function typeTag(typeName: string): Tag {
  return typeName;
}

/** Answers that hold objects of this type where changes of those drop nothing: only who names the type does. */
export function namedTypeTag(typeName: string): Tag {
  return `${typeName}^`;
}

/** Answers that hold a list of this type, or nothing where one of its objects could be: a new object may belong there. */
export function membersTag(typeName: string): Tag {
  return `${typeName}*`;
}

/** Answers that hold one object. */
export function entityTag(typeName: string, id: string | number): Tag {
  return `${typeName}:${id}`;
}

/** Answers that hold a field, by its schema coordinate. */
export function fieldTag(coordinate: string): Tag {
  return coordinate;
}

/** Answers that were made from a table of a database. */
export function tableTag(table: string): Tag {
  return `#${table}`;
}

/** Answers that were made from a table where writes to it drop nothing: only who names the table does. */
export function namedTableTag(table: string): Tag {
  return `^${table}`;
}
