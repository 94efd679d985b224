import { describe, it } from 'vitest';
import { type Binary, isInstalled } from './private-servers.ts';

/**
 * Tests that need a server to be installed. Where it is not, they are skipped and say so by name; with CI=true that is
 * a failure.
 */
export function describeWith(binary: Binary, name: string, tests: () => void): void {
  if (isInstalled(binary)) {
    describe(name, tests);
  } else if (process.env['CI'] === 'true') {
    it(`${name}: needs ${binary} on the PATH`, () => {
      throw new Error(`There is no ${binary} on the PATH. With CI=true nothing may be skipped: install it.`);
    });
  } else {
    process.stderr.write(`Skipped, because there is no ${binary} on the PATH: ${name}\n`);
    describe.skip(`${name} (there is no ${binary} on the PATH)`, tests);
  }
}
