/** A request as it goes over the wire. */
export interface HostileRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One way to make a server work, in any size. */
export interface Shape {
  readonly name: string;
  /**
   * A request of about this size.
   * @param bytes 300 at least
   * @param salt a short word: with another one it is another text, so that nothing is known of it
   */
  request(bytes: number, salt: string): HostileRequest;
}

const json = { 'Content-Type': 'application/json' };

/** What asks by POST for one operation, or with a list for a batch of them. */
export function post(params: unknown, headers: Readonly<Record<string, string>> = {}): HostileRequest {
  return { method: 'POST', path: '/graphql', headers: { ...json, ...headers }, body: JSON.stringify(params) };
}

/** What a text of `bytes` makes of it, which is told apart by its salt. */
export function textShape(name: string, text: (bytes: number, salt: string) => string): Shape {
  return { name, request: (bytes, salt) => post({ query: text(bytes, salt) }) };
}

/** So many of the parts after each other as have about this many bytes, each told apart by its index. */
export function fill(bytes: number, part: (index: number) => string): string {
  const parts: string[] = [];
  let size = 0;
  for (let index = 0; size < bytes; index += 1) {
    const next = part(index);
    // Backslashes and quotes take two bytes in JSON, but then few parts are made of them.
    size += next.length;
    parts.push(next);
  }
  return parts.join('');
}
