import { describe, expect, it } from 'vitest';
import { fixedWindow } from '../../../src/rate-limit/strategies/fixed-window.ts';
import { strategyOf } from '../../../src/rate-limit/strategies/index.ts';
import { slidingLog } from '../../../src/rate-limit/strategies/sliding-log.ts';
import { slidingWindow } from '../../../src/rate-limit/strategies/sliding-window.ts';
import { tokenBucket } from '../../../src/rate-limit/strategies/token-bucket.ts';

describe('the strategies', () => {
  it('go by the names that the schema gives them', () => {
    expect(strategyOf('FIXED_WINDOW')).toBe(fixedWindow);
    expect(strategyOf('SLIDING_WINDOW')).toBe(slidingWindow);
    expect(strategyOf('SLIDING_LOG')).toBe(slidingLog);
    expect(strategyOf('TOKEN_BUCKET')).toBe(tokenBucket);
  });
});
