import { spawn } from 'node:child_process';

export type StepOptions = { readonly cwd: string; readonly env?: Readonly<Record<string, string>> };

/** Runs a command with its output passed through; resolves to its exit code (128 when a signal ended it or it could not start). */
export function exitCodeOf(command: string, parameters: readonly string[], { cwd, env }: StepOptions): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, parameters, { cwd, env: { ...process.env, ...env }, stdio: 'inherit' });
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(128);
    });
    child.on('close', (code) => resolve(code ?? 128));
  });
}

/** As `exitCodeOf`, but throws when the command fails. */
export async function runStep(command: string, parameters: readonly string[], options: StepOptions): Promise<void> {
  const code = await exitCodeOf(command, parameters, options);
  if (code !== 0) throw new Error(`${[command, ...parameters].join(' ')} ended with ${code}`);
}
