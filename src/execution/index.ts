export { type CoercedVariables, coerceVariables } from './coerce-variables.ts';
export { useCompiledExecution } from './use-compiled-execution.ts';
