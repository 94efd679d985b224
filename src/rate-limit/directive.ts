import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  defaultFieldResolver,
  type GraphQLFieldConfig,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import { rateLimitDirective } from 'graphql-rate-limit-directive';
import type { Caller } from '../caller/caller.ts';
import { deniedError } from './denied.ts';
import type { Limiter, Outcome } from './limiter.ts';
import { Denied, PackageLimiter } from './package-limiter.ts';
import type { Policy, PolicyTable } from './policy.ts';
import { Selections, type Judgement } from './selections.ts';

/** What the limits read from a resolver's context. */
export interface LimitContext {
  readonly caller?: Caller;
}

type FieldConfig = GraphQLFieldConfig<unknown, LimitContext | undefined>;
type Resolver = GraphQLFieldResolver<unknown, LimitContext | undefined>;

/** Marks the fields to wrap. The package reads one directive a field; this one stands for all of a field's policies. */
const marker = 'rateLimited';

/** Stands for whoever runs operations on the bare schema without saying who asks. */
const nobody: Caller = { ip: 'local', tiers: ['ANONYMOUS'] };

/** Puts graphql-rate-limit-directive round the resolver of every limited field. */
export function limitResolvers(schema: GraphQLSchema, table: PolicyTable, limiter: Limiter): GraphQLSchema {
  const selections = new Selections();
  const packageLimiter = new PackageLimiter();

  const { rateLimitDirectiveTransformer } = rateLimitDirective<LimitContext | undefined, never>({
    name: marker,
    limiterClass: packageLimiter.limiterClass,
    async pointsCalculator(_directive, _source, _args, _context, info) {
      const { judgement, first } = selections.find(info);
      if (first) return 1;
      const verdict = await judgement.promise;
      if (!verdict.allowed) throw deniedError(verdict.denial);
      return 0;
    },
    keyGenerator(_directive, _source, args, context, info) {
      const { judgement } = selections.find(info);
      return packageLimiter.keyFor({
        judgement,
        admit: () => limiter.admit(limiter.chargesOf(coordinateOf(info), context?.caller ?? nobody, args)),
      });
    },
    onLimit(response) {
      if (response instanceof Denied) throw deniedError(response.denial);
      throw new TypeError('graphql-rate-limit-directive must hand back what its limiter rejected with.');
    },
  });

  const settled = new WeakSet<Judgement>();
  const settle = async (info: GraphQLResolveInfo, outcome: Outcome): Promise<void> => {
    const { judgement } = selections.find(info);
    // A selection takes once, so it gives back once, however many objects it is resolved for.
    if (settled.has(judgement)) return;
    settled.add(judgement);
    limiter.settle(await judgement.promise, outcome);
  };
  const marked = mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (field: FieldConfig, fieldName, typeName) => {
      const policies = table.get(`${typeName}.${fieldName}`);
      return policies === undefined
        ? field
        : mark(policies.some(isSettled) ? settling(field, settle) : field);
    },
  });
  return rateLimitDirectiveTransformer(marked);
}

function mark(field: FieldConfig): FieldConfig {
  // The package keeps one limiter for each pair of these numbers. Ours knows all policies, so one is enough.
  const directives = { [marker]: [{ limit: 1, duration: 1 }] };
  return { ...field, extensions: { ...field.extensions, directives } };
}

function isSettled({ count }: Policy): boolean {
  return count !== 'ATTEMPT';
}

/** Tells a field's outcome once its resolver is done. */
function settling(
  field: FieldConfig,
  settle: (info: GraphQLResolveInfo, outcome: Outcome) => Promise<void>,
): FieldConfig {
  const inner = field.resolve ?? defaultFieldResolver;
  const resolve: Resolver = async (source, args, context, info) => {
    try {
      const value: unknown = await inner(source, args, context, info);
      await settle(info, value instanceof Error ? 'FAILURE' : 'SUCCESS');
      return value;
    } catch (error) {
      await settle(info, 'FAILURE');
      throw error;
    }
  };
  return { ...field, resolve };
}

function coordinateOf({ parentType, fieldName }: GraphQLResolveInfo): string {
  return `${parentType.name}.${fieldName}`;
}
