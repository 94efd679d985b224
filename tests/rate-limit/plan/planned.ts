import { buildSchema, getDirectiveValues, getOperationAST, isObjectType, parse } from 'graphql';
import type { PlanLimits } from '../../../src/rate-limit/plan/budget.ts';
import { createPlanner, type OperationPlan } from '../../../src/rate-limit/plan/planner.ts';
import type { Alternative, SelectionPlan } from '../../../src/rate-limit/plan/selection-plan.ts';

interface Options {
  readonly operationName?: string;
  readonly limits?: PlanLimits;
}

const directive = 'directive @limited(by: [String!] = []) on FIELD_DEFINITION';

/** A planner for a schema whose limited fields say `@limited`, with the names of their buckets. */
export function plannerFor(definition: string): (source: string, options?: Options) => OperationPlan {
  const schema = buildSchema(`${directive} ${definition}`);
  const limited = new Map<string, readonly string[]>();
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
    for (const { name, astNode } of Object.values(type.getFields())) {
      const found = schema.getDirective('limited');
      const values = found && astNode ? getDirectiveValues(found, astNode) : undefined;
      if (values !== undefined) limited.set(`${type.name}.${name}`, values['by'] as string[]);
    }
  }
  const bucketNames = (coordinate: string): readonly string[] => limited.get(coordinate) ?? [];
  return (source, { operationName, limits } = {}) => {
    const document = parse(source);
    const operation = getOperationAST(document, operationName);
    if (operation == null) throw new TypeError('The document has no such operation.');
    return createPlanner(schema, new Set(limited.keys()), bucketNames, limits)(document, operation);
  };
}

/** The entries of an operation: `place Type.field`, a choice as `(a A.x + b A.y | a B.x)`, ` under ` and an index. */
export function entriesOf(
  definition: string,
  source: string,
  { variables = {}, ...options }: Options & { readonly variables?: Readonly<Record<string, unknown>> } = {},
): string[] {
  return describeEntries(plannerFor(definition)(source, options).selections(variables));
}

function describeEntries({ entries }: SelectionPlan): string[] {
  return entries.map((entry) => {
    const what = entry.kind === 'selection' ? describeAll([entry.selection]) : describeAll([entry]);
    return entry.under === undefined ? what : `${what} under ${entry.under}`;
  });
}

function describeAll(alternative: Alternative): string {
  const parts = alternative.map((part) =>
    'alternatives' in part
      ? `(${part.alternatives.map(describeAll).join(' | ')})`
      : `${part.place} ${part.coordinate}`,
  );
  return parts.join(' + ');
}
