import { fill, post, type Shape, textShape } from './shape.ts';

const expanding = '\u{fdfa}';

/** What is valid, and asks for much. */
export const operations: readonly Shape[] = [
  textShape('large pages', (bytes, salt) => {
    return `query ${salt} { ${fill(bytes, (index) => `a${index}:users(first:500){id}`)} }`;
  }),
  textShape('large pages with all fields', (bytes, salt) => {
    return `query ${salt} { ${fill(bytes, (index) => `a${index}:users(first:500){id name email}`)} }`;
  }),
  textShape('one large page with a field under many names', (bytes, salt) => {
    return `query ${salt} { users(first: 500) { ${fill(bytes, (index) => `a${index}:id `)} } }`;
  }),
  {
    name: 'a batch of large pages',
    request(bytes, salt) {
      const pages = fill(bytes / 10 - 30, (index) => `a${index}:users(first:500){id}`);
      return post(
        Array.from({ length: 10 }, (_, index) => ({ query: `query ${salt}${index} { ${pages} }` })),
      );
    },
  },
  {
    name: 'a batch of one operation',
    request(bytes, salt) {
      const query = `query ${salt} { ${fill(bytes / 10 - 30, (index) => `a${index}:__typename `)} }`;
      return post(Array.from({ length: 10 }, () => ({ query })));
    },
  },
  {
    name: 'a batch that is too long',
    request: (bytes) => post(Array.from({ length: bytes / 12 }, () => ({ query: '' }))),
  },
  textShape('types under many names', (bytes, salt) => {
    const all = 'types{name fields{name args{name} type{name}}}';
    return `query ${salt} { ${fill(bytes, (index) => `a${index}:__schema{${all}}`)} }`;
  }),
  textShape('types of fields of types', (bytes, salt) => {
    const depth = Math.min(Math.floor(bytes / 20), 60);
    return `query ${salt} { __schema { types { ${'fields{type{'.repeat(depth)}name${'}}'.repeat(depth)} } } }`;
  }),
  textShape('one type under many names', (bytes, salt) => {
    return `query ${salt} { ${fill(bytes, (index) => `a${index}:__type(name:"Query"){fields{name description}}`)} }`;
  }),
  textShape('selections of one limit', (bytes, salt) => {
    return `query ${salt} { ${fill(bytes, (index) => `a${index}:products(first:1){id}`)} }`;
  }),
  textShape('selections of two limits', (bytes, salt) => {
    return `query ${salt} { ${fill(bytes, (index) => `a${index}:searchProducts(query:"${index}"){id}`)} }`;
  }),
  textShape('limits of the caller', (bytes, salt) => {
    return `query ${salt} { ${fill(bytes, (index) => `a${index}:rateLimits{policy limit window remaining resetAt}`)} }`;
  }),
  textShape('fields without a limit', (bytes, salt) => {
    return `query ${salt} { ${fill(bytes, (index) => `a${index}:health{status uptime}`)} }`;
  }),
  textShape('fields that answer nothing', (bytes, salt) => {
    return `query ${salt} { ${fill(bytes, (index) => `a${index}:__typename `)} }`;
  }),
  textShape('logins of many', (bytes, salt) => {
    const login = (index: number) => `a${index}:login(input:{email:"${index}@a.b",password:"wrong"}){token}`;
    return `mutation ${salt} { ${fill(bytes, login)} }`;
  }),
  {
    name: 'logins with one address that expands',
    request(bytes, salt) {
      const input = { email: expanding.repeat(bytes / 6), password: 'wrong' };
      const logins = fill(bytes / 2, (index) => `a${index}:login(input:$i){token}`);
      const query = `mutation ${salt}($i:LoginInput!) { ${logins} }`;
      return post({ query, variables: { input, i: input } });
    },
  },
  textShape('conditions on everything', (bytes, salt) => {
    const field = (index: number) => `a${index}:products@include(if:$a)@skip(if:$b){id}`;
    return `query ${salt}($a:Boolean!=true $b:Boolean!=false) { ${fill(bytes, field)} }`;
  }),
];
