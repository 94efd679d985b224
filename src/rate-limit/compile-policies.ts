import {
  type ConstDirectiveNode,
  getDirectiveValues,
  type GraphQLDirective,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';
import type { SchemaProblem } from '../directives/schema-error.ts';
import { type PathUse, resolvePath } from './argument-path.ts';
import {
  type ArgumentPath,
  type PlacedPolicy,
  type Policy,
  type PolicyTable,
  wholeOperation,
} from './policy.ts';
import { checkSharedNames, checkValues } from './policy-checks.ts';

/** What a schema declares of limits. */
export interface DeclaredLimits {
  readonly table: PolicyTable;
  /** The coordinates of fields that limits of whole operations do not count. */
  readonly exempt: ReadonlySet<string>;
}

/** The arguments of `@rateLimit` as GraphQL coerces them, with defaults filled in. */
type DirectiveArguments = Omit<Policy, 'name' | 'identityArgs' | 'multipliers' | 'tiers' | 'by'> & {
  readonly name?: string | null;
  readonly by?: Policy['by'] | null;
  readonly identityArgs?: readonly string[] | null;
  readonly multipliers?: readonly string[] | null;
  readonly tiers?: readonly { readonly tier: string; readonly limit?: number | null }[] | null;
};

/** Reads all of `@rateLimit` and `@rateLimitExempt` in a schema. What cannot work is among the problems. */
export function compilePolicies(schema: GraphQLSchema): {
  limits: DeclaredLimits;
  problems: SchemaProblem[];
} {
  const directive = schema.getDirective('rateLimit');
  return directive == null
    ? { limits: { table: new Map(), exempt: new Set() }, problems: [] }
    : new PolicyCompiler(schema, directive).compile();
}

/** What a `@rateLimit` stands on: a field, or the schema, which has no arguments to count by. */
interface Place {
  readonly coordinate: string;
  readonly field: GraphQLField<unknown, unknown> | undefined;
}

class PolicyCompiler {
  readonly #schema: GraphQLSchema;
  readonly #directive: GraphQLDirective;
  readonly #problems: SchemaProblem[] = [];
  readonly #placed: PlacedPolicy[] = [];
  readonly #exempt = new Set<string>();

  constructor(schema: GraphQLSchema, directive: GraphQLDirective) {
    this.#schema = schema;
    this.#directive = directive;
  }

  compile(): { limits: DeclaredLimits; problems: SchemaProblem[] } {
    const table = new Map<string, readonly Policy[]>();
    const place = (coordinate: string, policies: readonly Policy[]) => {
      if (policies.length > 0) table.set(coordinate, policies);
    };
    place(wholeOperation, this.#policiesOfOperations());
    for (const type of Object.values(this.#schema.getTypeMap())) {
      if (isInterfaceType(type)) this.#checkInterface(type);
      if (!isObjectType(type) || isIntrospectionType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        place(`${type.name}.${field.name}`, this.#policiesOfField(type, field));
      }
    }
    const problems = [...this.#problems, ...checkSharedNames(this.#placed)];
    return { limits: { table, exempt: this.#exempt }, problems };
  }

  /** Fields that the directives may stand on but where nothing would enforce them. */
  #checkInterface(type: GraphQLInterfaceType): void {
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

  #policiesOfOperations(): Policy[] {
    const uses = [this.#schema.astNode, ...this.#schema.extensionASTNodes].flatMap((node) => usesOn(node));
    return this.#policies({ coordinate: wholeOperation, field: undefined }, uses);
  }

  #policiesOfField(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): Policy[] {
    const coordinate = `${type.name}.${field.name}`;
    const own = usesOn(field.astNode);
    if (field.astNode?.directives?.some(({ name }) => name.value === 'rateLimitExempt') === true) {
      this.#exempt.add(coordinate);
      if (own.length > 0) {
        this.#problem(
          coordinate,
          '@rateLimitExempt and @rateLimit contradict each other. Remove one of them.',
        );
      }
      return [];
    }
    const inherited = [type.astNode, ...type.extensionASTNodes].flatMap((node) => usesOn(node));
    return this.#policies({ coordinate, field }, own.length > 0 ? own : inherited);
  }

  #policies(place: Place, uses: readonly ConstDirectiveNode[]): Policy[] {
    return uses.map((use, index) => {
      const { coordinate } = place;
      const policy = this.#policyOf(place, use, index === 0 ? coordinate : `${coordinate}#${index + 1}`);
      this.#placed.push({ coordinate, policy });
      return policy;
    });
  }

  #policyOf(place: Place, use: ConstDirectiveNode, defaultName: string): Policy {
    const args = getDirectiveValues(this.#directive, { directives: [use] }) as unknown as DirectiveArguments;
    const { duration } = args;
    const policy: Policy = {
      ...args,
      name: args.name ?? defaultName,
      by: args.by ?? ['USER', 'API_KEY', 'IP'],
      identityArgs: this.#paths(place, 'identityArgs', args.identityArgs ?? []),
      multipliers: this.#paths(place, 'multipliers', args.multipliers ?? []),
      tiers: (args.tiers ?? []).map(({ tier, limit }) => ({ tier, limit: limit ?? null, duration })),
    };
    for (const message of checkValues(policy)) this.#problem(place.coordinate, message);
    if (policy.count !== 'ATTEMPT' && !this.#hasOutcome(place.coordinate)) {
      this.#problem(
        place.coordinate,
        `@rateLimit(count: ${policy.count}): there is no one outcome here to count by. Put it on a field of Query or Mutation.`,
      );
    }
    return policy;
  }

  #paths({ coordinate, field }: Place, use: PathUse, texts: readonly string[]): ArgumentPath[] {
    return texts.flatMap((text) => {
      const path = resolvePath(field?.args ?? [], text, use);
      if (typeof path !== 'string') return [path];
      this.#problem(coordinate, `@rateLimit(${use}: …): ${path}.`);
      return [];
    });
  }

  /** Whether it is a field that ends once in an operation, well or badly. */
  #hasOutcome(coordinate: string): boolean {
    const roots = [this.#schema.getQueryType(), this.#schema.getMutationType()];
    return roots.some((root) => root != null && coordinate.startsWith(`${root.name}.`));
  }

  #problem(coordinate: string, message: string): void {
    this.#problems.push({ coordinate, message });
  }
}

function usesOn(
  node: { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined,
) {
  return node?.directives?.filter(({ name }) => name.value === 'rateLimit') ?? [];
}
