/** The kernels' properties in a browser's page, on the graphics card or what stands in for one. */
import { registerKernels } from '@/lib/kernels/register';
import { selectBackend, tf } from '@/lib/tf';
import { PROPERTIES } from './properties';
import { messageOf, type Subject } from './subject';

export type Graphics = 'webgpu' | 'webgl';

export type Started =
  | { readonly kind: 'started'; readonly adapter: string }
  /** The machine offers none; `reason` is a sentence. */
  | { readonly kind: 'absent'; readonly reason: string };

/** Few runs: what stands in for a graphics card is slow. */
const ON_GRAPHICS = { tolerance: 1e-6, knowsNaN: false, numRuns: 12 } as const;

const SUBJECTS: { readonly [G in Graphics]: Subject } = {
  webgpu: { ...ON_GRAPHICS, backend: 'webgpu', packed: true, floats: 'cpu', subnormals: true, numRuns: 20 },
  webgl: { ...ON_GRAPHICS, backend: 'webgl', packed: false, floats: 'cpu', subnormals: false },
};

/** @throws Error where the machine offers the graphics and tfjs does not start on them */
export async function start(backend: Graphics): Promise<Started> {
  const adapter = backend === 'webgpu' ? await webGpuAdapter() : webGlRenderer();
  if (adapter === null)
    return { kind: 'absent', reason: `The browser offers no adapter for ${backend} on this machine.` };
  await registerKernels(Uint8Array.of(0)); // no WebAssembly in this page
  await selectBackend('cpu'); // whose float path is the definition
  const { backend: started, reason } = await selectBackend(backend);
  if (started !== backend) throw new Error(reason);
  return { kind: 'started', adapter };
}

/**
 * @param over what is asked otherwise than usual
 * @returns what does not hold, or `null`
 */
export async function check(backend: Graphics, title: string, over: Partial<Subject> = {}): Promise<string | null> {
  const property = PROPERTIES.find((each) => each.title === title);
  if (property === undefined) return `no property has the title "${title}"`;
  tf.engine().startScope();
  try {
    await property.check({ ...SUBJECTS[backend], ...over });
    return null;
  } catch (error) {
    return messageOf(error);
  } finally {
    tf.engine().endScope();
  }
}

async function webGpuAdapter(): Promise<string | null> {
  const { gpu } = navigator as { readonly gpu?: GPU };
  const adapter = (await gpu?.requestAdapter()) ?? null;
  if (adapter === null) return null;
  const { info } = adapter as GPUAdapter & { readonly info?: GPUAdapterInfo };
  return `${info?.vendor ?? 'unknown'} ${info?.architecture ?? ''}`.trim();
}

function webGlRenderer(): string | null {
  const context = document.createElement('canvas').getContext('webgl2');
  return context === null ? null : String(context.getParameter(context.RENDERER));
}
