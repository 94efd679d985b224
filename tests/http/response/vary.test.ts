import { describe, expect, it } from 'vitest';
import { joinVary } from '../../../src/http/response/make-response.ts';

describe('Vary', () => {
  it.each<[names: string[], value: string]>([
    [['Accept'], 'Accept'],
    [['Origin', 'Accept'], 'Origin, Accept'],
    [['Origin', 'Accept', 'Authorization', 'X-API-Key'], 'Origin, Accept, Authorization, X-API-Key'],
    [['origin,accept', 'Accept', 'Origin'], 'origin, accept'],
    [['Origin', 'Accept-Encoding', 'Accept'], 'Origin, Accept-Encoding, Accept'],
    [['', 'Accept'], 'Accept'],
    [['*', 'Accept'], '*'],
    [['Origin', '*'], '*'],
    [[], ''],
  ])('is for %j the field %j', (names, value) => {
    expect(joinVary(names)).toBe(value);
  });
});
