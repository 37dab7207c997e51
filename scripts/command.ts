/** What the command-line tools share. */
import { pathToFileURL } from 'node:url';

/** Whether a module is the program that was started, rather than imported. @param url its `import.meta.url` */
export function isProgram(url: string): boolean {
  return url === pathToFileURL(process.argv[1] ?? '').href;
}

/** Sets the exit status to what `main` returns (0 for nothing), or to 2 after printing the message of what it throws. */
export async function runCommand(main: () => Promise<number | void>): Promise<void> {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = 2;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** @throws Error that lists the choices */
export function oneOf<Name extends string>(typed: string, what: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === typed.trim());
  if (found !== undefined) return found;
  throw new Error(`There is no ${what} "${typed.trim()}"; the known ones are ${names.join(', ')}.`);
}

/** @throws Error unless the value of the option is a number above 0, and a whole one unless `whole` is false */
export function positiveNumber(typed: string, option: string, whole = true): number {
  const value = Number(typed);
  if (Number.isFinite(value) && value > 0 && (!whole || Number.isInteger(value))) return value;
  throw new Error(`--${option}: "${typed}" is not a ${whole ? 'whole ' : ''}number above 0.`);
}
