import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { createApiKey } from '../../../src/caller/api-key.ts';
import { ask } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { ada, login, signUp } from '../../support/people.ts';
import { temporaryDatabase } from '../../support/program.ts';

/** What a query finds in the file of a store, in its first column. */
function textsIn(store: string, query: string): string[] {
  const file = new Sqlite(store.replace('sqlite:', ''), { readonly: true });
  const found = file.prepare<[], string>(query).pluck().all();
  file.close();
  return found;
}

describeEngines((start) => {
  async function startWithStores() {
    const env = {
      RATE_LIMIT_STORE: temporaryDatabase(),
      RESPONSE_CACHE_STORE: temporaryDatabase(),
      // Long, because the machine may be busy, and a store that is done without holds nothing.
      STORE_TIMEOUT: '10000',
    };
    const app = await start({ keys: { partner: ['PAID'] }, env });
    const { authorization } = await signUp(app.url, ada);
    const headers = { authorization: String(authorization), ...app.by.partner };
    const secrets = [...Object.values(headers), headers.authorization.slice(7), ada.email, 'example'];
    return {
      ...app,
      headers,
      secrets: [...secrets, createApiKey().slice(0, 4)],
      buckets: () => textsIn(env.RATE_LIMIT_STORE, 'select key from rate_limit_buckets'),
      answers: () => textsIn(env.RESPONSE_CACHE_STORE, 'select key from answers'),
      tags: () => textsIn(env.RESPONSE_CACHE_STORE, 'select tag from answer_drops'),
    };
  }

  it('name callers, but hold neither tokens nor keys nor e-mail addresses', async () => {
    const { url, headers, by, secrets, buckets } = await startWithStores();
    await ask(url, '{ products { id } user(id: 1) { id } }', { headers });
    await ask(url, '{ products { id } }', { headers: by.partner });
    await ask(url, '{ nothing }', { headers });
    await login(url, { ...ada, password: 'a wrong one' });
    const keys = buckets();
    for (const whom of ['user:\\d+', 'key:\\d+', 'ip:127\\.0\\.0\\.1', 'all\\|[\\w-]{43}'])
      expect(keys).toContainEqual(expect.stringMatching(new RegExp(`\\|${whom}$`)));
    for (const secret of secrets) expect(keys.filter((key) => key.includes(secret))).toEqual([]);
  });

  it('are digests where answers are kept, and what invalidates them tells no more', async () => {
    const { url, headers, secrets, answers, tags } = await startWithStores();
    await ask(url, '{ me { email } }', { headers });
    await ask(url, '{ users { email } }', { headers });
    const keys = answers();
    expect(keys).toHaveLength(2);
    for (const key of keys) expect(key).toMatch(/^[\w-]{39,}$/);
    expect(tags()).not.toEqual([]);
    for (const secret of secrets) {
      expect([...keys, ...tags()].filter((text) => text.includes(secret))).toEqual([]);
    }
  });
});
