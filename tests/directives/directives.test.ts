import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DefinitionNode, Kind, parse, print } from 'graphql';
import { expect, it } from 'vitest';
import { root } from '../support/source-files.ts';

/** The definitions in a file, each as text with its description. */
function definitionsIn(path: string): string[] {
  return parse(readFileSync(join(root, path), 'utf8')).definitions.map((node: DefinitionNode) => print(node));
}

it('are defined in schema.graphql word for word as the server defines them', () => {
  const own = definitionsIn('src/directives/directives.graphql');
  const shop = new Set(definitionsIn('schema.graphql'));
  expect(own.filter((definition) => !shop.has(definition))).toEqual([]);
});

it('are all of the directives that schema.graphql defines', () => {
  const { definitions } = parse(readFileSync(join(root, 'schema.graphql'), 'utf8'));
  const directives = definitions.filter(({ kind }) => kind === Kind.DIRECTIVE_DEFINITION);
  const own = new Set(definitionsIn('src/directives/directives.graphql'));
  expect(directives.map((node) => print(node)).filter((definition) => !own.has(definition))).toEqual([]);
});
