import { variable } from './variable.ts';

const limits = `@rateLimit(limit: ${variable('LIMIT')}, duration: ${variable('DURATION')})`;

/** The part of Sluice's sample API that is asked for, with the same limits and the same lifetimes of answers. */
export const typeDefs = `
  type Query {
    users(first: Int! = 100, after: ID): [User!] @cacheControl(maxAge: 60)
    user(id: ID!): User @cacheControl(maxAge: 60) ${limits}
    me: User @cacheControl(maxAge: 60, scope: PRIVATE) ${limits}
    products(first: Int! = 100, after: ID): [Product!] ${limits}
  }
  type Mutation {
    createUser(input: CreateUserInput!): User ${limits}
  }
  type User {
    id: ID!
    name: String!
    email: String!
  }
  type Product {
    id: ID!
    name: String!
    price: Float!
  }
  input CreateUserInput {
    name: String!
    email: String!
    password: String!
  }
`;

/** As Apollo's documentation defines it. */
export const cacheControlTypeDefs = `
  enum CacheControlScope { PUBLIC PRIVATE }
  directive @cacheControl(
    maxAge: Int
    scope: CacheControlScope
    inheritMaxAge: Boolean
  ) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
`;
