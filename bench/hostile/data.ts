import Sqlite from 'better-sqlite3';

const rows = 1000;

/** Fills a database so that the largest page there is has that many rows. */
export function fillPages(path: string): void {
  const database = new Sqlite(path);
  const user = database.prepare(
    "insert into users (name, email, email_key, password_hash) values (?, ?, ?, '')",
  );
  const product = database.prepare('insert into products (name, name_key, price_cents) values (?, ?, ?)');
  database.transaction(() => {
    for (let index = 0; index < rows; index += 1) {
      user.run(`User ${index}`, `u${index}@example.com`, `u${index}@example.com`);
      product.run(`Product ${index}`, `product ${index}`, index);
    }
  })();
  database.close();
}
