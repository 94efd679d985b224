import { fill, type Shape, textShape } from './shape.ts';

/** What makes a text long to parse, to measure, to validate or to plan. */
export const documents: readonly Shape[] = [
  textShape('equal arguments on one field', (bytes, salt) => {
    return `query ${salt} { users(${fill(bytes, () => 'a:1 ')}) { id } }`;
  }),
  textShape('arguments on one field', (bytes, salt) => {
    return `query ${salt} { users(${fill(bytes, (index) => `a${index}:1 `)}) { id } }`;
  }),
  textShape('variables', (bytes, salt) => {
    return `query ${salt}(${fill(bytes, (index) => `$v${index}:Int `)}) { __typename }`;
  }),
  textShape('equal variables', (bytes, salt) => {
    return `query ${salt}(${fill(bytes, () => `$v:Int `)}) { __typename }`;
  }),
  textShape('uses of variables that are not declared', (bytes, salt) => {
    return `query ${salt} { ${fill(bytes, (index) => `a${index}:user(id:$v${index}){id}`)} }`;
  }),
  textShape('operations', (bytes, salt) => {
    return fill(bytes, (index) => `query ${salt}${index} { __typename }`);
  }),
  textShape('equal operations', (bytes, salt) => fill(bytes, () => `query ${salt} { __typename }`)),
  textShape('operations that spread one large fragment', (bytes, salt) => {
    const operations = fill(bytes / 2, (index) => `query ${salt}${index}{...f}`);
    return `${operations} fragment f on Query { ${fill(bytes / 2, (index) => `a${index}:__typename `)} }`;
  }),
  textShape('fragments that nothing spreads', (bytes, salt) => {
    return `query ${salt} { __typename } ${fill(bytes, (index) => `fragment f${index} on Query{__typename}`)}`;
  }),
  textShape('a chain of fragments', (bytes, salt) => {
    const chain = fill(bytes, (index) => `fragment f${index} on Query{...f${index + 1}}`);
    return `query ${salt} { ...f0 } ${chain}`;
  }),
  textShape('fragments that double', (bytes, salt) => {
    const doubling = fill(bytes, (index) => `fragment f${index} on User{...f${index + 1} ...f${index + 1}}`);
    return `query ${salt} { users { ...f0 } } ${doubling}`;
  }),
  textShape('fragments that spread each other', (bytes, salt) => {
    const count = Math.ceil(Math.sqrt(bytes / 8));
    const spreads = Array.from({ length: count }, (_, index) => `...f${index} `).join('');
    const fragments = Array.from(
      { length: count },
      (_, index) => `fragment f${index} on Query { ${spreads} }`,
    );
    return `query ${salt} { ...f0 } ${fragments.join(' ')}`;
  }),
  textShape('fragments beside each other', (bytes, salt) => {
    const spreads = fill(bytes / 5, (index) => `...f${index} `);
    const fragments = fill(bytes, (index) => `fragment f${index} on Query{a${index}:__typename}`);
    return `query ${salt} { ${spreads} } ${fragments}`;
  }),
  textShape('fragments beside each other that are not there', (bytes, salt) => {
    return `query ${salt} { __typename ${fill(bytes, (index) => `...f${index} `)} }`;
  }),
  textShape('a fragment in every place', (bytes, salt) => {
    const fragments = Array.from({ length: 20 }, (_, index) => `fragment f${index} on User{id}`).join(' ');
    const spreads = Array.from({ length: 20 }, (_, index) => `...f${index} `).join('');
    return `query ${salt} { ${fill(bytes, (index) => `a${index}:users{id ${spreads}}`)} } ${fragments}`;
  }),
  textShape('one fragment again and again', (bytes, salt) => {
    return `query ${salt} { ${fill(bytes, () => '...f ')} } fragment f on Query { __typename }`;
  }),
  textShape('fragments that double where nothing spreads them', (bytes, salt) => {
    const on = (index: number) => `...f${index + 1} a:users{...g} ...f${index + 1}`;
    const doubling = fill(bytes, (index) => `fragment f${index} on Query{${on(index)}}`);
    return `query ${salt} { __typename } ${doubling} fragment g on User { id }`;
  }),
  textShape('operations that lead into a circle of fragments', (bytes, salt) => {
    const operations = fill(bytes / 3, (index) => `query ${salt}${index}{...f2}`);
    const spreads = fill(bytes / 3, (index) => `...f${index + 1} `);
    const back = fill(bytes / 3, (index) => `fragment f${index + 1} on Query{...f0}`);
    return `${operations} fragment f0 on Query{${spreads}} ${back}`;
  }),
  textShape('circles of fragments that branch', (bytes, salt) => {
    return `query ${salt} { ...f } fragment f on User { ${fill(bytes, (index) => `a${index}:friend{...f}`)} }`;
  }),
  textShape('operations that use variables in one fragment', (bytes, salt) => {
    const operations = fill(bytes / 2, (index) => `query ${salt}${index}($v:Int){...f}`);
    return `${operations} fragment f on Query { users(${fill(bytes / 2, () => 'first:$v ')}) { id } }`;
  }),
  textShape('variables that are used', (bytes, salt) => {
    const variables = fill(bytes / 4, (index) => `$v${index}:Int `);
    return `query ${salt}(${variables}) { ${fill(bytes / 4, (index) => `a${index}:users(first:$v${index}){id}`)} }`;
  }),
  textShape('equal fields with long lists', (bytes, salt) => {
    const list = fill(bytes / 30, () => '1 ');
    return `query ${salt} { ${Array.from({ length: 30 }, () => `users(first:[${list}]){id}`).join(' ')} }`;
  }),
  textShape('definitions of types', (bytes, salt) => {
    return `query ${salt} { __typename } ${fill(bytes, (index) => `extend type User{a${index}:Int}`)}`;
  }),
  textShape('long names that are not there', (bytes, salt) => {
    return `query ${salt} { ${fill(bytes, (index) => `${'productz'.repeat(8)}${index} `)} }`;
  }),
  textShape('inline fragments inside each other', (bytes, salt) => {
    const depth = 190;
    const one = `${'...{'.repeat(depth)}__typename${'}'.repeat(depth)} `;
    return `query ${salt} { ${fill(bytes, () => one)} }`;
  }),
  textShape('inline fragments beside each other', (bytes, salt) => {
    return `query ${salt} { ${fill(bytes, (index) => `...on Query{a${index}:__typename}`)} }`;
  }),
  textShape('equal inline fragments that conflict', (bytes, salt) => {
    return `query ${salt} { ${fill(bytes, (index) => `...on Query{a:users(first:${index}){id}}`)} }`;
  }),
  textShape('fields that conflict', (bytes, salt) => {
    return `query ${salt} { ${fill(bytes, (index) => `a:users(first:${index}){id}`)} }`;
  }),
  textShape('equal fields', (bytes, salt) => `query ${salt} { ${fill(bytes, () => `a:users{id}`)} }`),
  textShape('equal fields with nested selections', (bytes, salt) => {
    return `query ${salt} { ${fill(bytes, () => 'users{...{id ...{id name}} ...{name}}')} }`;
  }),
  textShape('directives on one field', (bytes, salt) => {
    return `query ${salt} { __typename ${fill(bytes, () => '@include(if:true)')} }`;
  }),
  textShape('unknown directives', (bytes, salt) => {
    return `query ${salt} { __typename ${fill(bytes, (index) => `@d${index} `)} }`;
  }),
  textShape('selection sets inside each other', (bytes, salt) => {
    const depth = Math.floor(bytes / 3);
    return `query ${salt} { ${'a{'.repeat(depth)}b${'}'.repeat(depth)} }`;
  }),
  textShape('lists inside each other', (bytes, salt) => {
    const depth = Math.floor(bytes / 2);
    return `query ${salt} { users(first: ${'['.repeat(depth)}${']'.repeat(depth)}) { id } }`;
  }),
  textShape('objects inside each other', (bytes, salt) => {
    const depth = Math.floor(bytes / 4);
    return `query ${salt} { users(first: ${'{a:'.repeat(depth)}1${'}'.repeat(depth)}) { id } }`;
  }),
  textShape('list types inside each other', (bytes, salt) => {
    const depth = Math.floor(bytes / 2);
    return `query ${salt}($v: ${'['.repeat(depth)}Int${']'.repeat(depth)}) { __typename }`;
  }),
  textShape('a list as a value', (bytes, salt) => {
    return `query ${salt} { users(first: [${fill(bytes, () => '1 ')}]) { id } }`;
  }),
  textShape('an object as a value', (bytes, salt) => {
    return `mutation ${salt} { createUser(input: {${fill(bytes, (index) => `a${index}:1 `)}}) { id } }`;
  }),
  textShape('an object with equal fields as a value', (bytes, salt) => {
    return `mutation ${salt} { createUser(input: {${fill(bytes, () => `name:1 `)}}) { id } }`;
  }),
  textShape('a long string as a value', (bytes, salt) => {
    return `query ${salt} { user(id: "${'x'.repeat(bytes)}") { id } }`;
  }),
  textShape('a string of escapes as a value', (bytes, salt) => {
    return String.raw`query ${salt} { user(id: "${String.raw`\u0041`.repeat(bytes / 7)}") { id } }`;
  }),
  textShape('a block string of many lines', (bytes, salt) => {
    return `query ${salt} { user(id: """${' \n'.repeat(bytes / 3)}""") { id } }`;
  }),
  textShape('a long number as a value', (bytes, salt) => {
    return `query ${salt} { users(first: ${'9'.repeat(bytes)}) { id } }`;
  }),
  textShape('a comment', (bytes, salt) => `#${'x'.repeat(bytes)}\nquery ${salt} { __typename }`),
  textShape('comments', (bytes, salt) => `${'#\n'.repeat(bytes / 3)}query ${salt} { __typename }`),
  textShape('commas', (bytes, salt) => `${','.repeat(bytes)}query ${salt} { __typename }`),
  textShape('a syntax error at the end', (bytes, salt) => {
    return `query ${salt} { ${fill(bytes, (index) => `a${index}:__typename `)}`;
  }),
  textShape('brackets that open', (bytes, salt) => `query ${salt} ${'{a'.repeat(bytes / 2)}`),
  textShape('fields that are not there', (bytes, salt) => {
    return `query ${salt} { ${fill(bytes, (index) => `user${index} `)} }`;
  }),
  textShape(
    'a long name that is not there',
    (bytes, salt) => `query ${salt} { ${'users'.repeat(bytes / 5)} }`,
  ),
  textShape('types that are not there', (bytes, salt) => {
    return `query ${salt} { ${fill(bytes, (index) => `...on Use${index}{id}`)} }`;
  }),
  textShape('long aliases', (bytes, salt) => {
    const [count, letters] = [Math.sqrt(bytes) / 2, 'a'.repeat(Math.sqrt(bytes) * 2)];
    const aliases = Array.from({ length: count }, (_, index) => `${letters}${index}: products{id}`);
    return `query ${salt} { ${aliases.join(' ')} }`;
  }),
];
