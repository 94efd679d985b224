/**
 * Loads a package that only those install who use it.
 * @throws Error that names the package and the fix where it is not installed
 */
export async function loadDriver<Module>(name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    if (!isMissing(error, name)) throw error;
    throw new Error(`The package ${name} is needed and not installed. Add it: npm install ${name}`, {
      cause: error,
    });
  }
}

/** Whether it is this package that is not there, and not one that it needs itself. */
function isMissing(error: unknown, name: string): boolean {
  const isNotFound = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  return isNotFound && error.message.startsWith(`Cannot find package '${name}'`);
}
