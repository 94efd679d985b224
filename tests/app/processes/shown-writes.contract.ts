import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { cacheStatus, overtaken } from '../../support/cache-status.ts';
import { ask } from '../../support/client.ts';
import { addUser, namesIn, prime, users, write } from './asking.ts';
import { makeGate } from './gate.ts';
import type { SharedApp } from './sharing.ts';

const rounds = 30;
/** Rounds in which much else happens besides. */
const fullRounds = 8;
const readers = 8;

/** Reads users again and again. @returns the answers that had fewer of them than were there when they were asked for */
async function readUntil(isOver: () => boolean, url: string, count: () => number): Promise<string[]> {
  const stale: string[] = [];
  while (!isOver()) {
    const least = count();
    const found = namesIn(await ask(url, users)).length;
    if (found < least) stale.push(`${found} of ${least}`);
  }
  return stale;
}

/** Processes that share answers show each other's writes, from the moment that these are answered. */
export function showsWrites(app: () => SharedApp): void {
  const ways = [
    ['one process', 0, 1],
    ['the other', 1, 0],
  ] as const;

  it.each(ways)('a new user is in the next answer of another process: by %s', async (_, from, to) => {
    const { [from]: writer, [to]: reader } = app().urls;
    for (let round = 0; round < rounds; round += 1) {
      await prime(reader, users);
      const name = await addUser(writer);
      expect(namesIn(await ask(reader, users))).toContain(name);
    }
  });

  it.each(ways)('also while a crowd asks for them there: by %s', async (_, from, to) => {
    const { [from]: writer, [to]: reader } = app().urls;
    let count = namesIn(await ask(writer, users)).length;
    let isOver = false;
    const reading = Array.from({ length: readers }, () =>
      readUntil(
        () => isOver,
        reader,
        () => count,
      ),
    );
    try {
      for (let round = 0; round < fullRounds; round += 1) {
        await addUser(writer);
        count += 1;
      }
    } finally {
      isOver = true;
    }
    expect((await Promise.all(reading)).flat()).toEqual([]);
  });

  it('changes and removals are in the next answers of all', async () => {
    const [writer, ...others] = app().urls;
    await addUser(writer);
    for (let round = 0; round < fullRounds; round += 1) {
      for (const url of others) await prime(url, users);
      await write(writer, `renameUsers(name: "Name ${round}")`);
      for (const url of others)
        expect(new Set(namesIn(await ask(url, users)))).toEqual(new Set([`Name ${round}`]));
    }
    await write(writer, 'removeUsers');
    for (const url of others) expect(namesIn(await ask(url, users))).toEqual([]);
  });

  it.each(['writeFile', 'rewriteFile'])('what %s says has changed is read anew by all', async (mutation) => {
    const path = `${app().dataFile}.txt`;
    writeFileSync(path, 'old');
    const query = `{ file(path: ${JSON.stringify(path)}) }`;
    const [writer, ...others] = app().urls;
    for (let round = 0; round < fullRounds; round += 1) {
      for (const url of others) await prime(url, query);
      await write(writer, `${mutation}(path: ${JSON.stringify(path)}, text: "${round}")`);
      for (const url of others) expect((await ask(url, query)).body.data).toEqual({ file: String(round) });
    }
  });

  it('a read that another process has invalidated with a write is not kept', async () => {
    const [writer, reader, third] = app().urls;
    const gate = await makeGate();
    const query = `{ heldUserNames(gate: "${gate.url}") }`;
    const reading = ask(reader, query);
    await gate.reached;
    const name = await addUser(writer);
    gate.open();
    expect(cacheStatus(await reading)).toBe(overtaken);
    for (const url of [reader, third]) {
      expect((await ask(url, query)).body.data?.['heldUserNames']).toContain(name);
    }
  });
}
