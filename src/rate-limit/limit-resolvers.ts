import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  defaultFieldResolver,
  type GraphQLFieldConfig,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { rateLimitDirective } from 'graphql-rate-limit-directive';
import { AdmissionFinder, isOfEvent, type LimitContext } from './admission-finder.ts';
import { type CostPlanner, createCostPlanner } from './cost/index.ts';
import { deniedError } from './denial.ts';
import type { Limiter } from './limiter.ts';
import { PackageDenial, PackageLimiter } from './package-limiter.ts';
import { createPlanner, type Planner } from './plan/index.ts';
import type { Policy } from './policy.ts';
import type { Outcome } from './settling.ts';

type Context = LimitContext | undefined;
type FieldConfig = GraphQLFieldConfig<unknown, Context>;
type Resolver = GraphQLFieldResolver<unknown, Context>;

/** A schema of which the limited fields obey a limiter, and what plans its operations. */
export interface LimitedSchema {
  readonly schema: GraphQLSchema;
  readonly planner: Planner;
  readonly costPlanner: CostPlanner;
}

/** Marks the fields to wrap. The package reads one directive a field; this one stands for all of a field's policies. */
const marker = 'rateLimited';

/**
 * Puts graphql-rate-limit-directive round the resolver of every limited field. Where the server has obtained a decision
 * on the operation, a field is already paid for or denied; where it has not, because somebody executes the bare schema,
 * the first limited field that is resolved has the whole operation judged.
 */
export function limitResolvers(schema: GraphQLSchema, limiter: Limiter): LimitedSchema {
  const limited = limitedFields(schema, limiter);
  const { table } = limiter.limits.declared;
  const admissions = new AdmissionFinder(limiter, () => ({ planner, costPlanner }));
  const wrap = wrapWithPackage(admissions);

  const settle = async (context: Context, info: GraphQLResolveInfo, outcome: Outcome): Promise<void> => {
    (await admissions.obtain(context, info)).settle(info, outcome);
  };
  const marked = mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (field: FieldConfig, fieldName, typeName) => {
      const coordinate = `${typeName}.${fieldName}`;
      if (!limited.has(coordinate)) return field;
      if (typeName === schema.getSubscriptionType()?.name) return chargedAtSubscribe(field, admissions);
      return mark(table.get(coordinate)?.some(isSettled) === true ? settling(field, settle) : field);
    },
  });
  const wrapped = passAllowed(wrap(marked), marked, admissions);
  const planner = createPlanner(wrapped, limited, (coordinate) =>
    (table.get(coordinate) ?? []).map(({ name }) => name),
  );
  const costPlanner = createCostPlanner(
    wrapped,
    (coordinate) => table.get(coordinate)?.some(({ unit }) => unit === 'COST') === true,
  );
  return { schema: wrapped, planner, costPlanner };
}

/** The coordinates of the fields with limits, and of those at the root with which limits of more than them are charged. */
function limitedFields(
  schema: GraphQLSchema,
  { limits: { declared, ofOperation } }: Limiter,
): ReadonlySet<string> {
  const limited = new Set(declared.table.keys());
  const addFieldsOf = (type: GraphQLObjectType | null | undefined): void => {
    for (const name of Object.keys(type?.getFields() ?? {})) limited.add(`${String(type)}.${name}`);
  };
  if (ofOperation.length > 0) {
    for (const root of [schema.getQueryType(), schema.getMutationType()]) addFieldsOf(root);
    for (const coordinate of declared.exempt) limited.delete(coordinate);
  }
  // A subscription is charged at its root, also for what only its events ask for.
  if (limited.size > 0) addFieldsOf(schema.getSubscriptionType());
  return limited;
}

function wrapWithPackage(admissions: AdmissionFinder): (schema: GraphQLSchema) => GraphQLSchema {
  const packageLimiter = new PackageLimiter();
  return rateLimitDirective<LimitContext | undefined, never>({
    name: marker,
    limiterClass: packageLimiter.limiterClass,
    pointsCalculator(_directive, _source, _args, context, info) {
      const denial = admissions.given(context, info)?.denialOf(info);
      if (denial !== undefined) throw deniedError(denial);
      return isOfEvent(info) ? 0 : 1;
    },
    keyGenerator: (_directive, _source, _args, context, info) =>
      packageLimiter.keyFor(async () => (await admissions.obtain(context, info)).denialOf(info)),
    onLimit(response) {
      if (response instanceof PackageDenial) throw deniedError(response.denial);
      throw new TypeError('graphql-rate-limit-directive must hand back what its limiter rejected with.');
    },
  }).rateLimitDirectiveTransformer;
}

/**
 * Lets fields that a decision allows pass by the package, which would make a promise of each. It has the denied ones, and
 * those of operations that nobody has judged.
 */
function passAllowed(
  wrapped: GraphQLSchema,
  marked: GraphQLSchema,
  admissions: AdmissionFinder,
): GraphQLSchema {
  return mapSchema(wrapped, {
    [MapperKind.OBJECT_FIELD]: (field: FieldConfig, fieldName, typeName) => {
      const type = marked.getType(typeName);
      const inner = isObjectType(type) ? type.getFields()[fieldName] : undefined;
      if (inner?.extensions['directives'] === undefined || field.resolve === undefined) return field;
      const { resolve: limited } = field;
      const { resolve: free = defaultFieldResolver } = inner;
      const resolve: Resolver = (source, args, context, info) => {
        const admission = admissions.given(context, info);
        if (admission === undefined || admission.denialOf(info) !== undefined)
          return limited(source, args, context, info);
        admission.begin(info);
        return free(source, args, context, info);
      };
      return { ...field, resolve };
    },
  });
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
  settle: (context: Context, info: GraphQLResolveInfo, outcome: Outcome) => Promise<void>,
): FieldConfig {
  const inner = field.resolve ?? defaultFieldResolver;
  const resolve: Resolver = async (source, args, context, info) => {
    try {
      const value: unknown = await inner(source, args, context, info);
      const isFailure = value instanceof Error || (value == null && isNonNullType(info.returnType));
      await settle(context, info, isFailure ? 'FAILURE' : 'SUCCESS');
      return value;
    } catch (error) {
      await settle(context, info, 'FAILURE');
      throw error;
    }
  };
  return { ...field, resolve };
}

/** The package wraps resolvers only, which would count every event. A subscription is charged when it begins. */
function chargedAtSubscribe(field: FieldConfig, admissions: AdmissionFinder): FieldConfig {
  const inner = field.subscribe ?? defaultFieldResolver;
  const subscribe: Resolver = async (source, args, context, info) => {
    const denial = (await admissions.open(context, info)).denialOf(info);
    if (denial !== undefined) throw deniedError(denial);
    return inner(source, args, context, info);
  };
  return { ...field, subscribe };
}
