import { buildSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { expect, it } from 'vitest';
import { shop } from '../../src/shop/index.ts';

interface Described {
  readonly coordinate: string;
  readonly description: string | null | undefined;
}

/** Everything in schema.graphql that can have a description. */
function elements(): Described[] {
  const schema = buildSchema(shop.typeDefs);
  const own = (node: { astNode?: unknown }): boolean => node.astNode != null;
  const types = Object.values(schema.getTypeMap()).filter(own);
  return [
    ...schema
      .getDirectives()
      .filter(own)
      .flatMap(({ name, description, args }) => [
        { coordinate: `@${name}`, description },
        ...args.map((arg) => ({ coordinate: `@${name}(${arg.name}:)`, description: arg.description })),
      ]),
    ...types.map(({ name, description }) => ({ coordinate: name, description })),
    ...types
      .filter(isEnumType)
      .flatMap((type) =>
        type
          .getValues()
          .map(({ name, description }) => ({ coordinate: `${type.name}.${name}`, description })),
      ),
    ...types.filter(isInputObjectType).flatMap((type) =>
      Object.values(type.getFields()).map(({ name, description }) => ({
        coordinate: `${type.name}.${name}`,
        description,
      })),
    ),
    ...[...types.filter(isObjectType), ...types.filter(isInterfaceType)].flatMap((type) =>
      Object.values(type.getFields()).flatMap(({ name, description, args }) => [
        { coordinate: `${type.name}.${name}`, description },
        ...args.map((arg) => ({
          coordinate: `${type.name}.${name}(${arg.name}:)`,
          description: arg.description,
        })),
      ]),
    ),
  ];
}

it('everything in schema.graphql has a description that ends like a sentence', () => {
  expect(elements().length).toBeGreaterThan(90);
  const undescribed = elements().filter(({ description }) => !/\S.*[.…]$/s.test(description ?? ''));
  expect(undescribed).toEqual([]);
});

it.each([
  'Query.users',
  'Query.users(first:)',
  'RateLimitTier.limit',
  'HealthStatus.OK',
  '@rateLimit(cost:)',
])('%s is among them', (coordinate) => {
  expect(elements().map((element) => element.coordinate)).toContain(coordinate);
});
