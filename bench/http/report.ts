import { writeFileSync } from 'node:fs';
import { connections } from './load-on.ts';
import { describeMachine } from './machine.ts';
import type { Scenario } from './scenarios.ts';
import { type Row, scenarioTable } from './table.ts';
import { targetTable } from './targets.ts';

/** What a run is like, besides what it measures. */
export interface RunFacts {
  /** What makes the load. */
  readonly tool: string;
  readonly cores: string;
  readonly rounds: number;
  /** Seconds. */
  readonly seconds: number;
  /** Why some do not take part, a sentence each. */
  readonly missing: readonly string[];
}

/** What has been measured so far: printed, and saved as Markdown after each part, for the whole takes long. */
export class Report {
  readonly #facts: RunFacts;
  readonly #path: string;
  readonly #parts: string[] = [];
  readonly #results = new Map<string, readonly Row[]>();

  /** @param path of the Markdown file */
  constructor(facts: RunFacts, path: string) {
    this.#facts = facts;
    this.#path = path;
  }

  addScenario({ name, title }: Scenario, rows: readonly Row[]): void {
    this.#results.set(name, rows);
    this.add(`## ${title} (\`${name}\`)\n\n${scenarioTable(rows)}`);
  }

  /** @param part Markdown that begins with a heading of the second level */
  add(part: string): void {
    this.#parts.push(part);
    console.log(`\n${part}\n`);
    writeFileSync(this.#path, this.#whole());
  }

  /** Prints which targets were reached. */
  end(): void {
    const targets = targetTable(this.#results);
    if (targets !== '') console.log(`${targets}\n`);
    console.log(`Saved as ${this.#path}.`);
  }

  #whole(): string {
    const targets = targetTable(this.#results);
    const parts = [
      headOf(this.#facts),
      ...this.#parts,
      ...(targets === '' ? [] : [`## Targets\n\n${targets}`]),
    ];
    return `${parts.join('\n\n')}\n`;
  }
}

function headOf({ tool, cores, rounds, seconds, missing }: RunFacts): string {
  return [
    '# Sluice beside its peers',
    '',
    `${new Date().toISOString().slice(0, 10)}, ${describeMachine()}.`,
    `Load from ${tool} with ${connections} connections: ${cores}.`,
    `In each of ${rounds} rounds every server is started anew, warmed up and then loaded for ${seconds} s.`,
    'Numbers are medians of the rounds, ratios medians of the ratios within rounds.',
    ...missing,
  ].join('\n');
}
