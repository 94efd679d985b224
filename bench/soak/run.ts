/**
 * Sends two million mixed requests to one server and says whether it takes more memory at the end than after the first
 * quarter: at most 10 % more, or the program fails. `--requests N` sends another number of them.
 */
import { parseArgs } from 'node:util';
import { makeToken } from '../http/token.ts';
import { Crowd } from './crowd.ts';
import { callers, signedIn } from './mix.ts';
import { type Memory, memoryOf } from './probed.ts';
import { startSluice } from './server.ts';
import { verdictOf } from './verdict.ts';

const quarters = 4;
const jwtSecret = 'a secret that everyone in this bench has';
const unreached = '1000000000 per hour';

function readRequests(): number {
  const { values } = parseArgs({ options: { requests: { type: 'string', default: '2000000' } } });
  const requests = Number(values.requests);
  if (Number.isInteger(requests) && requests >= quarters && requests <= 100_000_000) return requests;
  throw new Error(`--requests is ${values.requests}. It must be an integer from ${quarters} to 100000000.`);
}

/** Whether memory stays as it is and everything is answered as it may be. */
async function run(requests: number): Promise<boolean> {
  await using closers = new AsyncDisposableStack();
  const env = {
    JWT_SECRET: jwtSecret,
    // What everyone asks for all the time here, and few in life.
    RATE_LIMITS: JSON.stringify({
      address: unreached,
      'Query.me': unreached,
      'Mutation.createUser': unreached,
    }),
  };
  const server = await startSluice({ closers, env });
  const ids = Array.from({ length: signedIn }, (_, index) => String(index + 1));
  const tokens = await Promise.all(ids.map((id) => makeToken(jwtSecret, id)));
  const crowd = closers.adopt(new Crowd(server.url, tokens), (opened) => {
    opened.close();
  });
  console.log(`${format(requests)} requests from ${format(callers)} callers.`);
  const levels: Memory[] = [];
  for (let quarter = 1; quarter <= quarters; quarter += 1) {
    await crowd.send(Math.floor((requests * quarter) / quarters));
    levels.push(await memoryOf(server));
    console.log(`${format(crowd.sent)} have been sent.`);
  }
  const { text, isWithin } = verdictOf(levels);
  for (const [answer, count] of [...crowd.tally].toSorted()) console.log(`${answer}: ${format(count)}`);
  console.log(`${crowd.unexpected} were not answered as they have to be.\n\n${text}`);
  return isWithin && crowd.unexpected === 0;
}

function format(value: number): string {
  return value.toLocaleString('en');
}

if (!(await run(readRequests()))) process.exitCode = 1;
