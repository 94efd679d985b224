import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: 'schema.graphql',
  importExtension: '.ts',
  generates: {
    'src/shop/types.generated.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        contextType: './context.ts#ShopContext',
        mappers: {
          User: './tables.ts#User as UserRow',
          Product: './tables.ts#Product as ProductRow',
        },
        enumsAsTypes: true,
        useTypeImports: true,
        strictScalars: true,
        defaultScalarType: 'unknown',
        makeResolverTypeCallable: true,
      },
    },
    'tests/shop/operations.generated.ts': {
      documents: 'tests/shop/*.graphql',
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        useTypeImports: true,
        strictScalars: true,
        defaultScalarType: 'unknown',
      },
    },
  },
};

export default config;
