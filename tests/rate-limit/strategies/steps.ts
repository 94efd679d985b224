import fc from 'fast-check';

/** A history of a bucket: milliseconds pass, and then units are taken, or one of the earlier uses is given back. */
export const steps = fc.array(
  fc.oneof(
    fc.record({ wait: fc.nat(8), cost: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ wait: fc.nat(8), giveBack: fc.nat(5) }),
  ),
  { maxLength: 60 },
);
