/** The kernels' properties on the backends that run in Node: compiled, without kernels, and with the reference in their place. */
import { beforeAll, describe, expect, it } from 'vitest';
import { KERNEL_NAMES, tfjsName } from '@/lib/kernels/packed-kernels';
import { registerKernels } from '@/lib/kernels/register';
import { tf } from '@/lib/tf';
import { describeOnEachBackend } from '@/tests/models/backends';
import { kernelBytes, registerFastKernels } from './kernel-suite';
import { PROPERTIES } from './support/properties';
import { inNode, type Subject } from './support/subject';

beforeAll(registerFastKernels);

function itHolds(subject: Subject): void {
  const asked = PROPERTIES.filter(({ of }) => subject.packed || of === 'all');
  it.each(asked.map(({ title, check }) => [title, check] as const))('%s', (_, check) => check(subject));
}

describeOnEachBackend('packed products are those of the float path', (backend) => itHolds(inNode(backend, true)));

describeOnEachBackend('without kernels, products are those of the float path too', (backend) => {
  beforeAll(() => {
    for (const name of KERNEL_NAMES) tf.unregisterKernel(tfjsName(name), backend);
    return registerFastKernels;
  });
  itHolds(inNode(backend, false));
});

describeOnEachBackend('where the compiled kernels cannot run, the reference does', (backend) => {
  beforeAll(async () => {
    const form = await registerKernels(Uint8Array.of(0));
    expect(form).toEqual({ kind: 'reference', reason: expect.stringContaining('did not compile') });
    return registerFastKernels;
  });
  itHolds(inNode(backend, true));
});

describe('a page without SIMD', () => {
  it('is told so by name', async () => {
    const validate = WebAssembly.validate;
    WebAssembly.validate = () => false;
    try {
      const form = await registerKernels(await kernelBytes());
      expect(form).toEqual({
        kind: 'reference',
        reason: 'WebAssembly has no SIMD here, which the packed kernels need.',
      });
    } finally {
      WebAssembly.validate = validate;
      await registerFastKernels();
    }
  });
});
