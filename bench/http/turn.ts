import { checkedAnswer } from './checked-answer.ts';
import type { Contender, Setting } from './contenders.ts';
import { cpuOf, tellsCpu } from './cpu.ts';
import type { Load, LoadTool } from './load.ts';
import { loadOn } from './load-on.ts';
import { type RunningServer, startServer } from './running-server.ts';
import { operationsOf, type Scenario } from './scenarios.ts';

/** How a server did once. */
export interface Turn {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  /** Milliseconds. */
  readonly p99: number;
  /** Milliseconds of CPU time for a thousand requests; undefined where the system does not tell. */
  readonly cpu: number | undefined;
  /** Requests under load that were not answered as they should have been. */
  readonly failures: number;
}

/** What is the same in all turns. */
export interface Bench {
  readonly tool: LoadTool;
  readonly serverPrefix: readonly string[];
  readonly token: string;
  /** Seconds. */
  readonly seconds: number;
}

// Code is compiled while it runs: what does much for a request is at its best after a hundred thousand of them.
const warmUp = { seconds: 3, requests: 100_000, mostTimes: 3 };

/**
 * Starts a server, checks its answers, warms it up, puts load on it, checks them again and ends it.
 * @throws Error where an answer that is checked is not the one it has to be
 */
export async function takeTurn(
  contender: Contender,
  scenario: Scenario,
  setting: Setting,
  bench: Bench,
): Promise<Turn> {
  const server = await startServer(contender.command(setting), bench.serverPrefix);
  try {
    await check(server.url, contender, scenario, bench.token);
    const load = loadOn(server.url, contender, scenario, bench.token);
    const failures = await warm(load, bench.tool);
    const turn = await measure(server, { ...load, seconds: bench.seconds, prefix: 'load-' }, bench.tool);
    await check(server.url, contender, scenario, bench.token);
    return { ...turn, failures: turn.failures + failures };
  } finally {
    await server.stop();
  }
}

async function check(url: string, contender: Contender, scenario: Scenario, token: string): Promise<void> {
  const asked = operationsOf(scenario);
  for (const operation of contender.isConstant === true ? asked.slice(0, 1) : asked) {
    await checkedAnswer(url, { contender, scenario, operation, token });
  }
}

/** Puts load on a server until it is as fast as it gets; how many requests failed. */
async function warm(load: Omit<Load, 'seconds' | 'prefix'>, tool: LoadTool): Promise<number> {
  const total = { requests: 0, failures: 0 };
  for (let time = 0; time < warmUp.mostTimes && total.requests < warmUp.requests; time += 1) {
    const result = await tool.run({ ...load, seconds: warmUp.seconds, prefix: `warm-${time}-` });
    total.requests += result.requests;
    total.failures += result.failures;
  }
  return total.failures;
}

async function measure({ pid }: RunningServer, load: Load, tool: LoadTool): Promise<Turn> {
  const before = tellsCpu() ? cpuOf(pid) : undefined;
  const { requests, seconds, p50, p99, failures } = await tool.run(load);
  const cpu = before === undefined ? undefined : ((cpuOf(pid) - before) / requests) * 1000;
  return { perSecond: requests / seconds, p50, p99, cpu, failures };
}
