/**
 * How many operations a second are executed, beside graphql-js: once they are compiled, and where each is executed for
 * the first time, which has to cost what it costs without a compiler. Nothing but execution: documents are parsed and
 * data is at hand.
 */
import {
  buildSchema,
  type DocumentNode,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  parse,
} from 'graphql';
import { createExecute } from '../src/execution/create-execute.ts';
import { mediansOf, printHead, printLine } from './measure.ts';

const rounds = 7;

const schema = buildSchema(`
  type Query { users: [User!] later: [User!] me: User }
  type User { id: ID! name: String! email: String age: Int tags: [String!]! boss: User }
`);
const users = Array.from({ length: 20 }, (_, index) => ({
  id: String(index),
  name: `User ${index}`,
  email: `user-${index}@example.com`,
  age: index,
  tags: ['a', 'b'],
  boss: { name: 'Ada' },
}));
const rootValue = { users, later: () => Promise.resolve(users), me: users[0] };

type Execute = (args: ExecutionArgs) => unknown;

const compile = (): Execute => {
  const compiled = createExecute(schema);
  return (args) => compiled(args, execute);
};

interface Discipline {
  readonly name: string;
  readonly source: string;
  /** Executions in a round. */
  readonly times: number;
  /** Whether every document is executed once only. */
  readonly isFirst?: boolean;
}

const disciplines: readonly Discipline[] = [
  { name: '20 objects, 3 scalars', source: '{ users { id name email } }', times: 20_000 },
  { name: '20 objects, lists and objects', source: '{ users { id tags boss { name } } }', times: 10_000 },
  { name: '20 objects, by a promise', source: '{ later { id name email } }', times: 20_000 },
  { name: 'one object', source: '{ me { id name email age } }', times: 50_000 },
  { name: 'for the first time', source: '{ me { id name email age } }', times: 5_000, isFirst: true },
];

/** Operations a second. */
async function speedOf(open: () => Execute, { source, times, isFirst = false }: Discipline): Promise<number> {
  const run = open();
  const documents = Array.from({ length: isFirst ? times : 1 }, () => parse(source));
  const executeOne = (document: DocumentNode): unknown => run({ schema, document, rootValue });
  if (!isFirst) await check(executeOne, documents);
  const started = performance.now();
  for (let count = 0; count < times; count += documents.length) {
    for (const document of documents) {
      const result = executeOne(document);
      if (result instanceof Promise) await result;
    }
  }
  return times / ((performance.now() - started) / 1000);
}

/** Compiles a document by the way. */
async function check(
  executeOne: (document: DocumentNode) => unknown,
  documents: readonly DocumentNode[],
): Promise<void> {
  for (const document of [...documents, ...documents]) {
    const { data, errors } = (await executeOne(document)) as ExecutionResult;
    if (data == null || errors !== undefined) throw new Error('The operation has failed.');
  }
}

printHead(['compiled', 'graphql-js']);
for (const discipline of disciplines) {
  const contenders = [compile, () => execute];
  const speeds = await mediansOf(
    rounds,
    contenders.map((open) => () => speedOf(open, discipline)),
  );
  printLine(`${discipline.name} /s`, speeds, (value, of) => value / of);
}
