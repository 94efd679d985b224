export { documentNameOf } from './document-name.ts';
export { type AskedDocument, createFindText, type FindText, type TextToRun } from './find-text.ts';
export { type Manifest, readManifest } from './manifest.ts';
export { RegisteredDocuments } from './registered-documents.ts';
export type { DocumentStore } from './store.ts';
export { MemoryDocuments } from './stores/memory.ts';
export { openRedisDocuments } from './stores/redis.ts';
export { openSqliteDocuments } from './stores/sqlite.ts';
export { TrustedDocuments } from './trusted-documents.ts';
