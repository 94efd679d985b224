import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { sluice } from '../support/program.ts';
import { answered } from '../support/self-declared.ts';

const memory = { PORT: '0', DATABASE_URL: 'sqlite::memory:' };

/** A file of limits, in a folder of its own. */
function limitsFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, 'limits.json');
  writeFileSync(path, text);
  return path;
}

/** What the server says instead of starting, line by line. */
async function refusal(env: Record<string, string>): Promise<string[]> {
  const { code, stdout, stderr } = await sluice(['serve'], { ...memory, ...env }).exit;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).not.toMatch(/^ +at /m);
  return stderr.trimEnd().split('\n');
}

describe('the server does not start', () => {
  it.each([
    [
      'an unknown name',
      '{"Query.nope":"5 per hour"}',
      [
        'RATE_LIMITS cannot be used.',
        /^"Query\.nope" is not the name of a limit\. There are .*Query\.products, .*products\.$/,
      ],
    ],
    [
      'bad notation',
      '{"products":"5 per fortnight"}',
      [
        'The configuration is not valid.',
        /^RATE_LIMITS cannot be used\. "products": "5 per fortnight" has the unknown unit "fortnight"\. Use one of second,/,
        'For no limit write null.',
      ],
    ],
    [
      'what is not JSON',
      'products=5',
      [
        'The configuration is not valid.',
        /^RATE_LIMITS cannot be used\. It is not JSON: .* It must be a JSON object/,
      ],
    ],
    [
      'a log too long',
      '{"Mutation.login.ip":"10001 per hour"}',
      [
        'RATE_LIMITS cannot be used.',
        /^"Mutation\.login\.ip": limit: 10001: SLIDING_LOG .* 10000 is the most\.$/,
      ],
    ],
  ])('for %s in RATE_LIMITS', async (_title, text, lines) => {
    expect(await refusal({ RATE_LIMITS: text })).toEqual(lines.map(matching));
  });

  it('without the file that RATE_LIMITS_FILE names', async () => {
    expect(await refusal({ RATE_LIMITS_FILE: '/nowhere/limits.json' })).toEqual([
      'RATE_LIMITS_FILE (/nowhere/limits.json) cannot be used.',
      matching(/^The limits file \/nowhere\/limits\.json cannot be read: ENOENT.* Put a readable file there/),
    ]);
  });

  it('with an unknown name in that file', async () => {
    const path = limitsFile('{"nope":null}');
    expect(await refusal({ RATE_LIMITS_FILE: path })).toEqual([
      `RATE_LIMITS_FILE (${path}) cannot be used.`,
      matching(/^"nope" is not the name of a limit\./),
    ]);
  });

  it('with a META_LIMIT of several windows', async () => {
    expect(await refusal({ META_LIMIT: '2 per hour; 9 per day' })).toEqual([
      'The configuration is not valid.',
      'META_LIMIT cannot be used. "2 per hour; 9 per day" is several limits. Write one limit such as "20 per hour", or off.',
    ]);
  });
});

it('the server goes by its configured limits, and by its file of them while it runs', async () => {
  const path = limitsFile('{"products":"2 per hour"}');
  const env = {
    ...memory,
    RATE_LIMITS: '{"Query.products":"3 per hour","products":null}',
    RATE_LIMITS_FILE: path,
  };
  const server = sluice(['serve'], env);
  const [, url = ''] = await server.output(/serves (\S+)\/graphql/);
  expect(await answered(url, 'products { id }')).toBe(3);
  expect(await answered(url, 'newProducts { id }')).toBe(2);

  writeFileSync(`${path}.new`, '{"products":"5 per hour"}');
  renameSync(`${path}.new`, path);
  let more = 0;
  await vi.waitFor(
    async () => {
      more += await answered(url, 'newProducts { id }');
      expect(more).toBe(3);
    },
    { timeout: 10_000, interval: 100 },
  );
  server.kill('SIGTERM');
  const { code, stderr } = await server.exit;
  expect(code).toBe(0);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(JSON.parse(stderr)).toMatchObject({ level: 30, limits: ['products'] });
});

function matching(line: string | RegExp): string {
  return typeof line === 'string' ? line : (expect.stringMatching(line) as string);
}
