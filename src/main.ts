#!/usr/bin/env node
// Loads nothing but what every Node can before it has looked at the version: native packages crash on an older one.
const oldest = [22, 15] as const;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  console.error(
    `Sluice needs Node ${oldest.join('.')} or newer; this is ${process.versions.node} (${process.execPath}). ` +
      'Start it with "npm start" or "npx sluice", which bring their own.',
  );
  process.exitCode = 1;
} else {
  const { run } = await import('./cli/run.ts');
  await run(process.argv, process.env);
}

export {};
