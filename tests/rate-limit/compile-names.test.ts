import { describe, expect, it } from 'vitest';
import { problemsOf } from '../support/declared.ts';

const field = (directives: string, args = ''): string => `type Query { f${args}: Int ${directives} }`;

describe('a path to an argument', () => {
  const args = '(first: Int, ids: [ID!]!, text: String, on: Boolean, input: In!)';
  const types = 'input In { email: String!, page: Page, many: [In!] } input Page { size: Int! }';
  const problems = (use: string) => problemsOf(`${types} ${field(`@rateLimit(${use})`, args)}`);

  it.each([
    'identityArgs: ["text", "first", "on", "input.email", "input.page.size"]',
    'multipliers: ["first", "ids", "input.page.size", "input.many"]',
  ])('can lead into input objects: %s', (use) => {
    expect(problems(use)).toEqual([]);
  });

  it.each(['nothing', 'input.nothing', 'input.page.nothing', 'text.length', 'ids.0', 'input.many.email', ''])(
    'that leads nowhere is told of with the arguments there are: %j',
    (path) => {
      const tail = `there is no argument "${path}"; the field has first, ids, text, on, input.`;
      expect(problems(`identityArgs: ["${path}"]`)).toEqual([
        `Query.f: @rateLimit(identityArgs: …): ${tail}`,
      ]);
      expect(problems(`multipliers: ["${path}"]`)).toEqual([`Query.f: @rateLimit(multipliers: …): ${tail}`]);
    },
  );

  it('to something that identifies nobody is told of with its type', () => {
    expect(problems('identityArgs: ["ids", "input.page"]')).toEqual([
      'Query.f: @rateLimit(identityArgs: …): the argument "ids" is of the type [ID!]!; ' +
        'name one that is a scalar or an enum.',
      'Query.f: @rateLimit(identityArgs: …): the argument "input.page" is of the type Page; ' +
        'name one that is a scalar or an enum.',
    ]);
  });

  it('to something that multiplies nothing is told of with its type', () => {
    expect(problems('multipliers: ["text", "input"]')).toEqual([
      'Query.f: @rateLimit(multipliers: …): the argument "text" is of the type String; ' +
        'name one that is an Int or a list.',
      'Query.f: @rateLimit(multipliers: …): the argument "input" is of the type In!; ' +
        'name one that is an Int or a list.',
    ]);
  });

  it('on an object must lead somewhere on each of its fields', () => {
    const sdl =
      'type Query @rateLimit(identityArgs: ["id"]) { f(id: ID): Int, g: Int, h: Int @rateLimitExempt }';
    expect(problemsOf(sdl)).toEqual([
      'Query.g: @rateLimit(identityArgs: …): there is no argument "id"; there are none here.',
    ]);
  });
});

describe('a shared name', () => {
  it('must mean the same on all fields that share it', () => {
    expect(
      problemsOf(`type Query {
        f: Int @rateLimit(name: "both", limit: 3)
        g: Int @rateLimit(name: "both", limit: 4)
        h: Int @rateLimit(name: "both", limit: 3, by: [IP])
      }`),
    ).toEqual([
      'Query.g: @rateLimit(name: "both") is 4 per 60 s, FIXED_WINDOW, by USER/API_KEY/IP here but 3 per 60 s, ' +
        'FIXED_WINDOW, by USER/API_KEY/IP on Query.f. Fields that share a bucket must declare the same.',
      'Query.h: @rateLimit(name: "both") is 3 per 60 s, FIXED_WINDOW, by IP here but 3 per 60 s, ' +
        'FIXED_WINDOW, by USER/API_KEY/IP on Query.f. Fields that share a bucket must declare the same.',
    ]);
  });

  it('must be counted and enforced in one way, and keyed by the same', () => {
    const other = (args: string) =>
      problemsOf(`type Query {
        f: Int @rateLimit(name: "both", limit: 3)
        g(id: ID): Int @rateLimit(name: "both", limit: 3, ${args})
      }`);
    const plain = '3 per 60 s, FIXED_WINDOW, by USER/API_KEY/IP';
    for (const [args, told] of [
      ['count: FAILURE', 'count FAILURE'],
      ['mode: REPORT', 'mode REPORT'],
      ['identityArgs: ["id"]', 'identityArgs id'],
      ['tiers: [{ tier: "A", limit: 9 }, { tier: "B" }]', 'tiers A 9/B any number'],
    ] as const) {
      expect(other(args)).toEqual([
        `Query.g: @rateLimit(name: "both") is ${plain}, ${told} here but ${plain} on Query.f. ` +
          'Fields that share a bucket must declare the same.',
      ]);
    }
  });

  it('may have another cost on each field', () => {
    const sdl =
      'type Query { f: Int @rateLimit(name: "both") g(n: Int): Int @rateLimit(name: "both", cost: 2, multipliers: ["n"]) }';
    expect(problemsOf(sdl)).toEqual([]);
  });

  it('cannot be that of another field by chance', () => {
    const [problem] = problemsOf(
      'type Query { f: Int @rateLimit(name: "Query.g") g: Int @rateLimit(limit: 3) }',
    );
    expect(problem).toMatch(/^Query.g: @rateLimit\(name: "Query.g"\) is 3 per 60 s.* on Query.f\./);
  });

  it('cannot stand twice on one field', () => {
    const twice = '@rateLimit(name: "x", limit: 3) @rateLimit(name: "x", limit: 30, duration: 3600)';
    const problem = 'Query.f: @rateLimit(name: "x") stands here twice. Give each its own name.';
    expect(problemsOf(field(twice))).toEqual([problem]);
    expect(
      problemsOf(
        'type Query { e: Int @rateLimit(name: "x") f: Int @rateLimit(name: "x") @rateLimit(name: "x") }',
      ),
    ).toEqual([problem]);
  });
});
