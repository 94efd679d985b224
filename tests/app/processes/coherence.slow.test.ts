import { afterAll, beforeAll, describe, expect } from 'vitest';
import { describeWith } from '../../support/describe-with.ts';
import { isInstalled, startRedis, type TestServer } from '../../support/private-servers.ts';
import { keepsTheRest } from './kept-answers.contract.ts';
import { type SharedApp, type Sharing, startSharing } from './sharing.ts';
import { showsWrites } from './shown-writes.contract.ts';

let redis: TestServer | undefined;
let sharing: Sharing;

// Two of each, because everything goes a while after somebody has written, and that is not to come between other tests.
beforeAll(async () => {
  if (isInstalled('redis-server')) redis = await startRedis();
  const inRedis = redis === undefined ? [] : [`redis://127.0.0.1:${redis.port}`];
  sharing = await startSharing(['sqlite', ...inRedis].flatMap((place) => [place, place]));
});

afterAll(async () => {
  const complaints = await sharing.stop();
  await redis?.stop();
  expect(complaints).toEqual([]);
});

const app = (index: number) => (): SharedApp => {
  const found = sharing.apps[index];
  if (found === undefined) throw new Error(`There is no app ${index}.`);
  return found;
};

describe('three processes on one data file that keep their answers in a SQLite file', () => {
  keepsTheRest(app(0));
  showsWrites(app(1));
});

describeWith('redis-server', 'three processes on one data file that keep their answers in Redis', () => {
  keepsTheRest(app(2));
  showsWrites(app(3));
});
