import { buildKernels } from '@/scripts/build-kernels';

/** Once before all tests, in a process of its own. */
export default async function setup(): Promise<void> {
  await buildKernels(process.cwd());
}
