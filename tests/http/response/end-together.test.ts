import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { endTogether } from '../../../src/http/response/send.ts';

function responses(count: number): ServerResponse[] {
  return Array.from({ length: count }, () => new ServerResponse(new IncomingMessage(new Socket())));
}

function areEnded(all: readonly ServerResponse[]): boolean[] {
  return all.map(({ writableEnded }) => writableEnded);
}

test('responses are ended together, after everything that has come in with them has been seen to', async () => {
  const turn = responses(3);
  for (const response of turn) {
    endTogether(response, '{}');
    await Promise.resolve();
  }
  expect(areEnded(turn)).toEqual([false, false, false]);
  await setImmediate();
  expect(areEnded(turn)).toEqual([true, true, true]);
});

test('each turn has its own responses', async () => {
  const turns = responses(3);
  for (const [index, response] of turns.entries()) {
    endTogether(response, Buffer.from('{}'));
    await setImmediate();
    expect(areEnded(turns)).toEqual(turns.map((_, other) => other <= index));
  }
});
