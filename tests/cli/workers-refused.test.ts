import { expect, it, onTestFinished, vi } from 'vitest';
import { run } from '../../src/cli/run.ts';

/** What the command line says instead of starting so many workers. */
async function refusal(count: string, env: Record<string, string> = {}): Promise<string> {
  const said: unknown[] = [];
  const listen = (text: unknown): boolean => said.push(text) > 0;
  const spies = [
    vi.spyOn(process.stderr, 'write').mockImplementation(listen),
    vi.spyOn(console, 'error').mockImplementation((text) => void listen(text)),
    vi.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Error(`exit ${String(code)}`);
    }),
  ];
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = undefined;
  });
  await run(['node', 'sluice', 'serve', '--workers', count], env);
  expect(process.exitCode).toBe(1);
  return said.join('\n');
}

it('refuses workers of which each would have a database of its own', async () => {
  expect(await refusal('2', { DATABASE_URL: 'sqlite::memory:' })).toBe(
    'DATABASE_URL is sqlite::memory:, of which each of the 2 workers would have one of its own. ' +
      'Set DATABASE_URL to a file such as sqlite:data/sluice.db, or leave out --workers.',
  );
});

it('refuses more workers than there can be', async () => {
  expect(await refusal('65')).toContain(
    "option '-w, --workers <count>' argument '65' is invalid. Give an integer from 1 to 64, or auto",
  );
});
