export { coerceVariables, type CoercedVariables } from './coerce-variables.ts';
export { createExecute } from './create-execute.ts';
export { useCompiledExecution } from './use-compiled-execution.ts';
