import { fill, type Shape, textShape } from './shape.ts';

/** What has errors made, and their places found. */
export const errors: readonly Shape[] = [
  textShape('line breaks before selections that fail', (bytes, salt) => {
    const lines = '\n'.repeat(bytes / 4);
    return `${lines}query ${salt} { ${fill(bytes / 2, (index) => `a${index}:users(first:-1){id}`)} }`;
  }),
  textShape('line breaks before selections that are denied', (bytes, salt) => {
    const lines = '\n'.repeat(bytes / 4);
    return `${lines}query ${salt} { ${fill(bytes / 2, (index) => `a${index}:products{id}`)} }`;
  }),
  textShape('line breaks before selections that are no good', (bytes, salt) => {
    const lines = '\n'.repeat(bytes / 4);
    return `${lines}query ${salt} { ${fill(bytes / 2, (index) => `a${index}:nothing`)} }`;
  }),
  textShape('line breaks between selections that fail', (bytes, salt) => {
    return `query ${salt} { ${fill(bytes / 2, (index) => `a${index}:users(first:-1){id}\r\n\n`)} }`;
  }),
  textShape('selections that are forbidden', (bytes, salt) => {
    return `mutation ${salt} { ${fill(bytes, (index) => `a${index}:deleteProduct(id:1)`)} }`;
  }),
  textShape('selections that are denied for long', (bytes, salt) => {
    return `mutation ${salt} { ${fill(bytes, (index) => `a${index}:createUser(input:{name:"",email:"",password:""}){id}`)} }`;
  }),
];
