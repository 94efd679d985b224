import { products, users } from './data.ts';

/** Something that is asked of every server, with the answer that it has to give. */
export interface Operation {
  readonly graphql: { readonly query: string; readonly variables?: object };
  readonly rest: { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: object };
  /** Whether it is asked by a signed-in user. */
  readonly isSignedIn?: boolean;
  /** What `data` is to be. Where it is an object, it may have more properties than these. */
  readonly data: object;
}

/** In a text that is sent: a number that is another one in every request. */
export const numberPlace = '{n}';

const name = 'Ada';
const email = `ada-${numberPlace}@example.com`;
const input = { name, email, password: 'correct horse' };

export const operations = {
  users: {
    graphql: { query: '{ users { id name email } }' },
    rest: { method: 'GET', path: '/users' },
    data: { users },
  },
  // Apart for each caller because of `me`, which like in any other server is limited.
  myUsers: {
    graphql: { query: '{ me { id } users { id name email } }' },
    rest: { method: 'GET', path: '/me/users' },
    isSignedIn: true,
    data: { me: { id: '1' }, users },
  },
  // `users` itself has no limit.
  limitedUsers: {
    graphql: { query: '{ user(id: "1") { id } users { id name email } }' },
    rest: { method: 'GET', path: '/user/1/users' },
    data: { user: { id: '1' }, users },
  },
  // The first ones only, for they grow in number where users are created.
  firstUsers: {
    graphql: { query: '{ users(first: 20) { id name email } }' },
    rest: { method: 'GET', path: '/users' },
    data: { users },
  },
  products: {
    graphql: { query: '{ products { id name price } }' },
    rest: { method: 'GET', path: '/products' },
    data: { products },
  },
  createUser: {
    graphql: {
      query: 'mutation ($input: CreateUserInput!) { createUser(input: $input) { id name email } }',
      variables: { input },
    },
    rest: { method: 'POST', path: '/users', body: input },
    data: { createUser: { name, email } },
  },
} satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;
