import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: 'schema.graphql',
  importExtension: '.ts',
  generates: {
    'src/schema/types.generated.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        contextType: './context.ts#SampleContext',
        mappers: {
          User: '../data/tables.ts#User as UserRow',
          Product: '../data/tables.ts#Product as ProductRow',
        },
        enumsAsTypes: true,
        useTypeImports: true,
        strictScalars: true,
        defaultScalarType: 'unknown',
        makeResolverTypeCallable: true,
      },
    },
    'tests/schema/operations.generated.ts': {
      documents: 'tests/schema/*.graphql',
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
