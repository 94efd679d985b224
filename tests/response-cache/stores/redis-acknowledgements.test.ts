import { describe, expect, it } from 'vitest';
import { Acknowledgements } from '../../../src/response-cache/stores/redis/acknowledgements.ts';

describe('acknowledgements of an invalidation', () => {
  /** Timers that keep the process alive. */
  const timers = (): number =>
    process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

  it('are waited for also where the process has nothing else to do', async () => {
    const acknowledgements = new Acknowledgements(5000);
    acknowledgements.expect('1');
    const before = timers();
    const waiting = acknowledgements.all('1', 2);
    expect(timers()).toBe(before + 1);
    acknowledgements.add('1');
    acknowledgements.add('1');
    await waiting;
    expect(timers()).toBe(before);
  });

  it('count also if they come before it is known how many there should be', async () => {
    const acknowledgements = new Acknowledgements(5000);
    acknowledgements.expect('1');
    acknowledgements.add('1');
    acknowledgements.add('2');
    const begun = performance.now();
    await acknowledgements.all('1', 1);
    expect(performance.now() - begun).toBeLessThan(1000);
  });

  it('are not waited for after so many milliseconds, nor after the end', async () => {
    const acknowledgements = new Acknowledgements(20);
    acknowledgements.expect('1');
    const begun = performance.now();
    await acknowledgements.all('1', 1);
    expect(performance.now() - begun).toBeGreaterThan(15);
    const patient = new Acknowledgements(60_000);
    patient.expect('1');
    const waiting = patient.all('1', 1);
    patient.end();
    await waiting;
  });
});
