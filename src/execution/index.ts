export { type CoercedVariables, coerceVariables } from './coerce-variables.ts';
export { createExecute } from './create-execute.ts';
export { useCompiledExecution } from './use-compiled-execution.ts';
