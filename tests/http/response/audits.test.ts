import { serverAudits } from 'graphql-http';
import { expect, it } from 'vitest';
import { describeEngines } from '../../support/describe-engines.ts';

/** The audits that do not pass, by id, with the reason. None of them may be a MUST. */
const exceptions: Readonly<Record<string, string>> = {};

const unused = 'http://127.0.0.1';
const audits = serverAudits({ url: unused }).map(({ id, name }) => ({ id, name }));

describeEngines((start) => {
  it.each(audits)('$id: $name', async ({ id, name }) => {
    const { url } = await start();
    const audit = serverAudits({ url: `${url}/graphql` }).find((each) => each.id === id);
    const result = await audit?.fn();
    if (id in exceptions) {
      expect(result?.status, `passes now: strike it from the exceptions`).not.toBe('ok');
      expect(name).not.toMatch(/^MUST/);
    } else {
      expect(result).toMatchObject({ id, status: 'ok' });
    }
  });
});
