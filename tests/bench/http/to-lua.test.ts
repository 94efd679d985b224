import { describe, expect, it } from 'vitest';
import { toLua } from '../../../bench/http/to-lua.ts';

describe('a value in Lua', () => {
  it('has lists and names', () => {
    expect(toLua({ order: [0, 1], asks: [{ method: 'GET' }] })).toBe(
      '{["order"]={0,1},["asks"]={{["method"]="GET"}}}',
    );
  });

  it('has no character in a text that could end it or stand for another one', () => {
    expect(toLua('{ user(id: "1") }\n\\')).toBe(String.raw`"{ user(id: \0341\034) }\010\092"`);
  });

  it('has the bytes of a text, for Lua knows no others', () => {
    expect(toLua('é')).toBe(String.raw`"\195\169"`);
  });

  it('keeps digits apart from the bytes before them', () => {
    expect(toLua('\n1')).toBe(String.raw`"\0101"`);
  });
});
