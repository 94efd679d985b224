import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/database/database.ts';
import type { RequestContext } from '../../src/index.ts';
import { ask, codes } from '../support/client.ts';
import { describeEngines } from '../support/describe-engines.ts';
import { ada, createUser, grace, signUp } from '../support/people.ts';
import { temporaryDatabase } from '../support/program.ts';

interface Tables {
  people: { id: number };
  notes: { id: number };
}

const me = '{ me { name } }';

describeEngines((start) => {
  describe('the token of a user', () => {
    it('ends at once when the user is deleted', async () => {
      const { url, db } = await start();
      const headers = await signUp(url, ada);
      expect((await ask(url, me, { headers })).body.data).toEqual({ me: { name: 'Ada' } });
      await db.deleteFrom('users').execute();
      for (let again = 0; again < 2; again += 1) {
        const { status, body } = await ask(url, me, { headers });
        expect({ status, codes: codes(body) }).toEqual({ status: 401, codes: ['UNAUTHENTICATED'] });
      }
    });

    it('is no token of whoever signs up next', async () => {
      const { url, db } = await start();
      const headers = await signUp(url, ada);
      await db.deleteFrom('users').execute();
      await createUser(url, grace);
      expect((await ask(url, me, { headers })).status).toBe(401);
    });

    it('ends ten seconds later at the latest when another program has deleted the user', async () => {
      const database = temporaryDatabase();
      const { url, clock } = await start({ env: { DATABASE_URL: database } });
      const headers = await signUp(url, ada);
      expect((await ask(url, me, { headers })).status).toBe(200);
      const other = openDatabase(database);
      await sql`delete from users`.execute(other);
      await other.destroy();
      clock.advance(10);
      expect((await ask(url, me, { headers })).status).toBe(401);
    });

    it('goes on being good when others come and go', async () => {
      const { url, db } = await start();
      const headers = await signUp(url, ada);
      await createUser(url, grace);
      await db.deleteFrom('users').where('name', '=', 'Grace').execute();
      expect((await ask(url, me, { headers })).body.data).toEqual({ me: { name: 'Ada' } });
    });
  });

  describe('an application', () => {
    /** Counts how often it is asked for users, of whom there is anybody but number 0. */
    async function startCounting() {
      const asked: string[] = [];
      const app = await start({
        typeDefs: 'type Query { token(id: ID!): String } type Mutation { write(table: String!): Int }',
        resolvers: {
          Query: {
            token: async (_, { id }: { id: string }, { tokens }: RequestContext) =>
              (await tokens.issue(id)).token,
          },
          Mutation: {
            write: async (_, { table }: { table: 'people' | 'notes' }, { db }: RequestContext<Tables>) => {
              await db.insertInto(table).defaultValues().execute();
              return 1;
            },
          },
        },
        migrations: {
          history: 'people_migration',
          migrations: {
            people: {
              async up(db) {
                await sql`create table people (id integer primary key)`.execute(db);
                await sql`create table notes (id integer primary key)`.execute(db);
              },
            },
          },
        },
        async hasUser(db, id) {
          asked.push(id);
          await (db as unknown as Database<Tables>).selectFrom('people').select('id').execute();
          return id !== '0';
        },
      });
      const by = async (id: string) => {
        const { body } = await ask(app.url, `{ token(id: ${id}) }`);
        return { authorization: `Bearer ${String(body.data?.['token'])}` };
      };
      return { ...app, asked, by };
    }

    it('is asked once for each user, and again after a write where it has looked', async () => {
      const { url, asked, by } = await startCounting();
      const [one, two] = [await by('1'), await by('2')];
      const askAll = async () => {
        for (const headers of [one, two, one])
          expect((await ask(url, '{ __typename }', { headers })).status).toBe(200);
      };
      await askAll();
      expect(asked).toEqual(['1', '2']);
      await ask(url, 'mutation { write(table: "notes") }');
      await askAll();
      expect(asked).toEqual(['1', '2']);
      await ask(url, 'mutation { write(table: "people") }');
      await askAll();
      expect(asked).toEqual(['1', '2', '1', '2']);
    });

    it('is asked again after ten seconds', async () => {
      const { url, asked, by, clock } = await startCounting();
      const headers = await by('1');
      for (const seconds of [0, 9, 1]) {
        clock.advance(seconds);
        expect((await ask(url, '{ __typename }', { headers })).status).toBe(200);
      }
      expect(asked).toEqual(['1', '1']);
    });

    it('says who is not there, each time that one comes', async () => {
      const { url, asked, by } = await startCounting();
      const headers = await by('0');
      for (let again = 0; again < 2; again += 1)
        expect((await ask(url, '{ __typename }', { headers })).status).toBe(401);
      expect(asked).toEqual(['0', '0']);
    });
  });
});
