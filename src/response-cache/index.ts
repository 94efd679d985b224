export { createAnswers, type Answers } from './answers.ts';
export { checkCacheControl } from './checks.ts';
export { compileInvalidations, invalidateAfterResolvers } from './invalidates.ts';
export { holdsAnswer, useAnswerCache } from './plugin.ts';
