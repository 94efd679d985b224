import {
  getDirectiveValues,
  isIntrospectionType,
  isInterfaceType,
  isObjectType,
  type ConstDirectiveNode,
  type GraphQLDirective,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import type { SchemaProblem } from '../schema-error.ts';
import { resolvePath, type PathUse } from './argument-path.ts';
import type { ArgumentPath, PlacedPolicy, Policy, PolicyTable } from './policy.ts';
import { checkValues, checkSharedNames } from './policy-checks.ts';

/** The arguments of `@rateLimit` as GraphQL coerces them, with defaults filled in. */
type DirectiveArguments = Omit<Policy, 'name' | 'identityArgs' | 'multipliers' | 'tiers' | 'by'> & {
  readonly name?: string | null;
  readonly by?: Policy['by'] | null;
  readonly identityArgs?: readonly string[] | null;
  readonly multipliers?: readonly string[] | null;
  readonly tiers?: readonly { readonly tier: string; readonly limit?: number | null }[] | null;
};

/** Reads all of `@rateLimit` and `@rateLimitExempt` in a schema. What cannot work is among the problems. */
export function compilePolicies(schema: GraphQLSchema): { table: PolicyTable; problems: SchemaProblem[] } {
  const directive = schema.getDirective('rateLimit');
  return directive == null
    ? { table: new Map(), problems: [] }
    : new PolicyCompiler(schema, directive).compile();
}

class PolicyCompiler {
  readonly #schema: GraphQLSchema;
  readonly #directive: GraphQLDirective;
  readonly #problems: SchemaProblem[] = [];
  readonly #placed: PlacedPolicy[] = [];

  constructor(schema: GraphQLSchema, directive: GraphQLDirective) {
    this.#schema = schema;
    this.#directive = directive;
  }

  compile(): { table: PolicyTable; problems: SchemaProblem[] } {
    this.#checkPlaces();
    const table = new Map<string, readonly Policy[]>();
    for (const type of Object.values(this.#schema.getTypeMap())) {
      if (!isObjectType(type) || isIntrospectionType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        const policies = this.#policiesOf(type, field);
        if (policies.length > 0) table.set(`${type.name}.${field.name}`, policies);
      }
    }
    return { table, problems: [...this.#problems, ...checkSharedNames(this.#placed)] };
  }

  /** Places that the directive may stand in but where nothing would enforce it. */
  #checkPlaces(): void {
    const schemaNodes = [this.#schema.astNode, ...this.#schema.extensionASTNodes];
    if (schemaNodes.some((node) => this.#uses(node).length > 0)) {
      this.#problem(
        'schema',
        '@rateLimit cannot limit whole operations yet. Put it on Query and Mutation instead.',
      );
    }
    for (const type of Object.values(this.#schema.getTypeMap())) {
      if (!isInterfaceType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        const found = field.astNode?.directives?.find(({ name }) => /^rateLimit(Exempt)?$/.test(name.value));
        if (found === undefined) continue;
        const objects = this.#schema.getPossibleTypes(type).map(({ name }) => `${name}.${field.name}`);
        this.#problem(
          `${type.name}.${field.name}`,
          `@${found.name.value} on a field of an interface has no effect. ` +
            `Put it on the fields of the object types: ${objects.join(', ') || 'there are none yet'}.`,
        );
      }
    }
  }

  #policiesOf(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): Policy[] {
    const coordinate = `${type.name}.${field.name}`;
    const own = this.#uses(field.astNode);
    const exempt = field.astNode?.directives?.some(({ name }) => name.value === 'rateLimitExempt') ?? false;
    if (exempt && own.length > 0) {
      this.#problem(coordinate, '@rateLimitExempt and @rateLimit contradict each other. Remove one of them.');
    }
    if (exempt) return [];
    const inherited = [type.astNode, ...type.extensionASTNodes].flatMap((node) => this.#uses(node));
    const uses = own.length > 0 ? own : inherited;
    if (uses.length > 0 && type === this.#schema.getSubscriptionType()) {
      this.#problem(coordinate, '@rateLimit cannot limit subscriptions yet. Remove it.');
      return [];
    }
    return uses.map((use, index) => {
      const policy = this.#policyOf(
        coordinate,
        field,
        use,
        index === 0 ? coordinate : `${coordinate}#${index + 1}`,
      );
      this.#placed.push({ coordinate, policy });
      return policy;
    });
  }

  #policyOf(
    coordinate: string,
    field: GraphQLField<unknown, unknown>,
    use: ConstDirectiveNode,
    defaultName: string,
  ): Policy {
    const args = getDirectiveValues(this.#directive, { directives: [use] }) as unknown as DirectiveArguments;
    const paths = (of: PathUse): ArgumentPath[] => this.#paths(coordinate, field, of, args[of] ?? []);
    const policy: Policy = {
      ...args,
      name: args.name ?? defaultName,
      by: args.by ?? ['USER', 'API_KEY', 'IP'],
      identityArgs: paths('identityArgs'),
      multipliers: paths('multipliers'),
      tiers: (args.tiers ?? []).map(({ tier, limit }) => ({ tier, limit: limit ?? null })),
    };
    for (const message of checkValues(policy)) this.#problem(coordinate, message);
    if (policy.count !== 'ATTEMPT' && !this.#isRoot(coordinate)) {
      this.#problem(
        coordinate,
        `@rateLimit(count: ${policy.count}): a field below the root has no one outcome. Put it on a field of Query or Mutation.`,
      );
    }
    return policy;
  }

  #paths(
    coordinate: string,
    field: GraphQLField<unknown, unknown>,
    use: PathUse,
    texts: readonly string[],
  ): ArgumentPath[] {
    return texts.flatMap((text) => {
      const path = resolvePath(field, text, use);
      if (typeof path !== 'string') return [path];
      this.#problem(coordinate, `@rateLimit(${use}: …): ${path}.`);
      return [];
    });
  }

  #isRoot(coordinate: string): boolean {
    const roots = [this.#schema.getQueryType(), this.#schema.getMutationType()];
    return roots.some((root) => root != null && coordinate.startsWith(`${root.name}.`));
  }

  #uses(node: { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined) {
    return node?.directives?.filter(({ name }) => name.value === 'rateLimit') ?? [];
  }

  #problem(coordinate: string, message: string): void {
    this.#problems.push({ coordinate, message });
  }
}
