import type { Resolvers } from '../types.generated.ts';
import { Product, productMutations, productQueries } from './products.ts';
import { serverQueries } from './server.ts';
import { User, userMutations, userQueries } from './users.ts';

/** The resolvers of the shop. */
export const resolvers: Resolvers = {
  Query: { ...userQueries, ...productQueries, ...serverQueries },
  Mutation: { ...userMutations, ...productMutations },
  User,
  Product,
};
