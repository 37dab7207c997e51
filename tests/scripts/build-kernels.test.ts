import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildKernels } from '@/scripts/build-kernels';

describe('the compiled kernels', () => {
  it('are made, and left alone while their sources are older', async () => {
    const folder = await buildKernels(process.cwd());
    expect((await readdir(folder)).sort()).toEqual(['kernels-relaxed.wasm', 'kernels.wasm']);
    const madeAt = statSync(join(folder, 'kernels.wasm')).mtimeMs;
    await buildKernels(process.cwd());
    expect(statSync(join(folder, 'kernels.wasm')).mtimeMs).toBe(madeAt);
  });

  it('are checked in nowhere', () => {
    expect(execFileSync('git', ['ls-files', '*.wasm'], { encoding: 'utf8' })).toBe('');
  });
});
