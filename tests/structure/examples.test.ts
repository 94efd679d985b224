import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { root } from '../support/source-files.ts';

const entry = join(root, 'src/index.ts');

/** An exported declaration, and the code of the examples in its doc comment. */
interface Documented {
  readonly name: string;
  readonly summary: string;
  readonly examples: readonly string[];
}

describe('what the package exports', () => {
  const exported = readExports();

  it('says in a doc comment what it is', () => {
    expect(exported.filter(({ summary }) => summary === '').map(({ name }) => name)).toEqual([]);
  });

  it('shows in an example how it is used', () => {
    expect(exported.filter(({ examples }) => examples.length === 0).map(({ name }) => name)).toEqual([]);
  });

  it('has examples that name it and compile', () => {
    const unrelated = exported.filter(({ name, examples }) => examples.some((text) => !text.includes(name)));
    expect(unrelated.map(({ name }) => name)).toEqual([]);
    expect(problemsOf(exported)).toEqual([]);
  });
});

function readExports(): Documented[] {
  const program = ts.createProgram([entry], options());
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${entry} is not a module.`);
  return checker.getExportsOfModule(module).map((symbol) => {
    const declared = checker.getAliasedSymbol(symbol);
    // TypeScript, and with it every editor, ends an example at an @ that does not stand in backticks.
    const texts = declared
      .getJsDocTags(checker)
      .filter((tag) => tag.name === 'example')
      .map((tag) => ts.displayPartsToString(tag.text));
    return {
      name: symbol.name,
      summary: ts.displayPartsToString(declared.getDocumentationComment(checker)),
      examples: texts.flatMap((text) =>
        Array.from(text.matchAll(/```ts\n(.*?)```/gs), ([, code = '']) => code),
      ),
    };
  });
}

/** What the compiler says of the examples, each a file of its own in which `sluice` is the sources. */
function problemsOf(exported: readonly Documented[]): string[] {
  const files = new Map(
    exported.flatMap(({ name, examples }) =>
      examples.map((code, index) => [join(root, `example.${name}.${index}.ts`), code] as const),
    ),
  );
  const settings = { ...options(), paths: { sluice: [entry] } };
  const disk = ts.createCompilerHost(settings);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (path) => files.has(path) || disk.fileExists(path),
    getSourceFile(path, ...how) {
      const code = files.get(path);
      return code === undefined ? disk.getSourceFile(path, ...how) : ts.createSourceFile(path, code, how[0]);
    },
  };
  const program = ts.createProgram([...files.keys()], settings, host);
  return [...files.keys()].flatMap((path) => {
    const source = program.getSourceFile(path);
    const problems = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return problems.map(
      ({ messageText }) => `${relative(root, path)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
  });
}

/** The options of the project. */
function options(): ts.CompilerOptions {
  const path = join(root, 'tsconfig.json');
  const { config } = ts.readConfigFile(path, (name) => ts.sys.readFile(name)) as { config: unknown };
  return ts.parseJsonConfigFileContent(config, ts.sys, dirname(path)).options;
}
