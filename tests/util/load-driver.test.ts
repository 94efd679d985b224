import { describe, expect, it } from 'vitest';
import { loadDriver } from '../../src/util/load-driver.ts';

describe('the loading of a package that only those install who use it', () => {
  it('gives what was loaded', async () => {
    const { sep } = await loadDriver('node:path', () => import('node:path'));
    expect(sep).toBe('/');
  });

  it('says how a package is installed that is not there', async () => {
    await expect(loadDriver('pg', () => Promise.reject(notFound('pg')))).rejects.toThrow(
      'The package pg is needed and not installed. Add it: npm install pg',
    );
  });

  it('leaves every other failure as it is, also of what the package needs itself', async () => {
    const failure = notFound('pg-pool');
    await expect(loadDriver('pg', () => Promise.reject(failure))).rejects.toBe(failure);
    const broken = new SyntaxError('broken');
    await expect(loadDriver('pg', () => Promise.reject(broken))).rejects.toBe(broken);
  });
});

/** As Node rejects an import. */
function notFound(name: string): Error {
  return Object.assign(new Error(`Cannot find package '${name}' imported from /srv/app.js`), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
}
