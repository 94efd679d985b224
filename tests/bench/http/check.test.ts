import { describe, expect, it } from 'vitest';
import { isRejection, whatIsWrong } from '../../../bench/http/check.ts';

const data = { users: [{ id: '1', email: 'ada-{n}@example.com' }] };
const right = { data: { users: [{ id: '1', email: 'ada-7@example.com' }] } };

function problemOf(body: unknown, status = 200): string | undefined {
  return whatIsWrong({ status, body: JSON.stringify(body) }, data);
}

describe('an answer', () => {
  it('is right where it has the data, in any order and with whatever number was asked for', () => {
    expect(problemOf(right)).toBeUndefined();
    expect(problemOf({ data: { users: [{ email: 'ada-x1@example.com', id: '1' }] } })).toBeUndefined();
    expect(problemOf(right, 201)).toBeUndefined();
  });

  it.each([
    ['another value', { data: { users: [{ id: '2', email: 'ada-7@example.com' }] } }],
    ['a number for a text', { data: { users: [{ id: 1, email: 'ada-7@example.com' }] } }],
    ['another text round the number', { data: { users: [{ id: '1', email: 'bob-7@example.com' }] } }],
    ['an item too many', { data: { users: [...right.data.users, ...right.data.users] } }],
    ['an item too few', { data: { users: [] } }],
    ['an object for a list', { data: { users: { 0: right.data.users[0] } } }],
    ['nothing', { data: { users: null } }],
    ['no data', {}],
  ])('is wrong where it has %s', (_, body) => {
    expect(problemOf(body)).toMatch(/^The data is not/);
  });

  it('is wrong where it has errors, even beside the data', () => {
    expect(problemOf({ ...right, errors: [{ message: 'Too slow.' }] })).toMatch(/has errors/);
  });

  it('is wrong where the status says so', () => {
    expect(problemOf(right, 500)).toMatch(/status is 500/);
  });

  it('is wrong where it is no JSON', () => {
    expect(whatIsWrong({ status: 200, body: 'Bad gateway' }, data)).toMatch(/Bad gateway/);
  });
});

describe('a rejection', () => {
  const denied = JSON.stringify({ data: { products: null }, errors: [{ message: 'Too many requests, …' }] });

  it('is told by its status, or by its errors where the status is that of an answer', () => {
    expect(isRejection({ status: 429, body: '' })).toBe(true);
    expect(isRejection({ status: 200, body: denied })).toBe(true);
  });

  it('is not a failure of another kind', () => {
    expect(isRejection({ status: 200, body: JSON.stringify(right) })).toBe(false);
    expect(isRejection({ status: 200, body: JSON.stringify({ errors: [{ message: 'Oh.' }] }) })).toBe(false);
    expect(isRejection({ status: 500, body: denied })).toBe(false);
  });
});
