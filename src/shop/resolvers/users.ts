import { conflict, unauthenticated } from '../../index.ts';
import { parseId } from '../ids.ts';
import { check, loginInput, newUserInput, pageInput } from '../input.ts';
import { hashPassword, verifyPassword } from '../password.ts';
import { findCredentials, findUser, insertUser, listUsers } from '../queries/users.ts';
import type { MutationResolvers, QueryResolvers, UserResolvers } from '../types.generated.ts';

type UserQueries = Required<Pick<QueryResolvers, 'users' | 'user' | 'me'>>;
type UserMutations = Required<Pick<MutationResolvers, 'createUser' | 'login'>>;

export const userQueries: UserQueries = {
  users: (_, args, { db }) => listUsers(db, check(pageInput, args)),
  user: async (_, { id }, { db }) => (await findUser(db, parseId(id))) ?? null,
  me: async (_, _args, { db, caller }) =>
    caller.userId === undefined ? null : ((await findUser(db, parseId(caller.userId))) ?? null),
};

export const userMutations: UserMutations = {
  async createUser(_, { input }, { db }) {
    const { name, email, password } = check(newUserInput, input);
    const user = await insertUser(db, { name, email, password_hash: await hashPassword(password) });
    if (user === undefined) throw conflict('There is an account with this e-mail address already.');
    return user;
  },

  async login(_, { input }, { db, tokens }) {
    const { email, password } = check(loginInput, input);
    const found = await findCredentials(db, email);
    const verified = await verifyPassword(found?.passwordHash, password);
    if (found === undefined || !verified)
      throw unauthenticated('The e-mail address or the password is wrong.');
    const { token, expiresAt } = await tokens.issue(String(found.user.id));
    return { token, expiresAt: expiresAt.toISOString(), user: found.user };
  },
};

export const User: UserResolvers = {
  id: ({ id }) => String(id),
};
