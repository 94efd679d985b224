import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { TestApp } from '../../support/app.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { left, leftOf } from '../../support/fixtures/limited-fields.ts';
import { createLog } from '../../support/log.ts';
import { answered } from '../../support/self-declared.ts';

const typeDefs = `type Query {
  left(of: String!): Int
  f: Int @rateLimit(limit: 3)
  g: Int @rateLimit(limit: 3)
}`;
const resolvers = { Query: { left, f: () => 1, g: () => 1 } };
const patience = { timeout: 10_000, interval: 20 };

type Overrides = Readonly<Record<string, string | null>>;

interface File {
  readonly path: string;
  /** Puts another file in its place, at once. */
  readonly write: (content: Overrides | string) => void;
}

function openFile(content: Overrides): File {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, 'limits.json');
  const write: File['write'] = (text) => {
    writeFileSync(`${path}.new`, typeof text === 'string' ? text : JSON.stringify(text));
    renameSync(`${path}.new`, path);
  };
  write(content);
  return { path, write };
}

/** The limits of a field that are in force, like 5/60. */
function inForce({ limits }: TestApp, field: string): string {
  return (limits.get(`Query.${field}`) ?? [])
    .map(({ limit, duration }) => `${String(limit)}/${duration}`)
    .join();
}

describeEngines((start) => {
  describe('RATE_LIMITS_FILE', () => {
    const open = async (content: Overrides, env: Record<string, string> = {}) => {
      const file = openFile(content);
      const { log, lines } = createLog();
      const startOne = () =>
        start({ typeDefs, resolvers, log, env: { ...env, RATE_LIMITS_FILE: file.path } });
      return { file, lines, startOne, app: await startOne() };
    };
    const until = (app: TestApp, field: string, limits: string) =>
      vi.waitFor(() => {
        expect(inForce(app, field)).toBe(limits);
      }, patience);

    it('counts for more than RATE_LIMITS, and what it does not name is as RATE_LIMITS says', async () => {
      const { app, file } = await open(
        { 'Query.f': '5 per minute' },
        { RATE_LIMITS: '{"Query.f":"7 per minute","Query.g":"8 per minute"}' },
      );
      expect([await answered(app.url, 'f'), await answered(app.url, 'g')]).toEqual([5, 8]);
      file.write({ 'Query.g': '9 per minute' });
      await until(app, 'g', '9/60');
      expect([await answered(app.url, 'f'), await answered(app.url, 'g')]).toEqual([2, 1]);
    });

    it('changes limits while the server runs, and what was counted still counts', async () => {
      const { app, file } = await open({ 'Query.f': '5 per minute' });
      expect(await answered(app.url, 'f', {}, 4)).toBe(4);
      file.write({ 'Query.f': '6 per minute' });
      await until(app, 'f', '6/60');
      expect(await leftOf(app.url, 'Query.f')).toBe(2);
      file.write({ 'Query.f': '2 per minute' });
      await until(app, 'f', '2/60');
      expect(await leftOf(app.url, 'Query.f')).toBe(0);
      expect(await answered(app.url, 'f')).toBe(0);
      app.clock.advance(60);
      expect(await answered(app.url, 'f')).toBe(2);
    });

    it('starts another count where it gives another window, and none where it gives null', async () => {
      const { app, file } = await open({});
      expect(await answered(app.url, 'f')).toBe(3);
      file.write({ 'Query.f': '3 per hour', 'Query.g': null });
      await until(app, 'f', '3/3600');
      expect([await answered(app.url, 'f'), await answered(app.url, 'g')]).toEqual([3, 12]);
    });

    it.each([
      ['is not JSON', '{"Query.f": "9 per', 'is wrong'],
      [
        'names what there is not',
        '{"Query.f":"9 per minute","nope":"1 per hour"}',
        '"nope" is not the name of a limit',
      ],
    ])(
      'leaves the limits in force while it %s, says so once, and recovers',
      async (_title, text, problem) => {
        const { app, file, lines } = await open({ 'Query.f': '5 per minute' });
        file.write(text);
        await vi.waitFor(() => {
          expect(lines).toHaveLength(1);
        }, patience);
        expect(lines).toMatchObject([{ level: 50, msg: expect.stringContaining(problem) as string }]);
        expect(lines[0]?.msg).toContain(`${file.path} `);
        expect(await answered(app.url, 'f')).toBe(5);
        file.write({ 'Query.f': '9 per minute' });
        await until(app, 'f', '9/60');
        expect(await answered(app.url, 'f')).toBe(4);
        expect(lines.map(({ level }) => level)).toEqual([50, 30]);
      },
    );

    it('is not looked at any more once the app is disposed of', async () => {
      const { app, file, startOne } = await open({ 'Query.f': '5 per minute' });
      const other = await startOne();
      await app.dispose();
      file.write({ 'Query.f': '9 per minute' });
      await until(other, 'f', '9/60');
      expect(inForce(app, 'f')).toBe('5/60');
    });

    it('stops the start where it is missing', async () => {
      const env = { RATE_LIMITS_FILE: '/nowhere/limits.json' };
      await expect(start({ typeDefs, resolvers, env })).rejects.toThrow(
        /RATE_LIMITS_FILE \(\/nowhere\/limits\.json\) cannot be used\.\n.* cannot be read: ENOENT/,
      );
    });
  });
});
