/** Whether WebGL and WebGPU run on a graphics card here; times of a software adapter say nothing. */
import type { BackendName } from '@/lib/tf';

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** @returns why each backend without a card is left out, a sentence */
export async function softwareReasons(): Promise<ReadonlyMap<BackendName, string>> {
  const reasons = new Map<BackendName, string>();
  const note = (backend: BackendName, renderer: string | null): void => {
    if (renderer === null) reasons.set(backend, 'There is none here.');
    else if (SOFTWARE.test(renderer)) reasons.set(backend, `Only a software adapter here (${renderer}).`);
  };
  note('webgl', webglRenderer());
  note('webgpu', await webgpuAdapter());
  return reasons;
}

function webglRenderer(): string | null {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (gl === null) return null;
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  return String(gl.getParameter(info === null ? gl.RENDERER : info.UNMASKED_RENDERER_WEBGL));
}

interface Adapter {
  readonly info?: { readonly vendor?: string; readonly architecture?: string; readonly description?: string };
  readonly isFallbackAdapter?: boolean;
}

async function webgpuAdapter(): Promise<string | null> {
  const { gpu } = navigator as unknown as { readonly gpu?: { requestAdapter(): Promise<Adapter | null> } };
  const adapter = (await gpu?.requestAdapter()) ?? null;
  if (adapter === null) return null;
  const { vendor = '', architecture = '', description = '' } = adapter.info ?? {};
  return [adapter.isFallbackAdapter === true ? 'software' : '', vendor, architecture, description].join(' ').trim();
}
