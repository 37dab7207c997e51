/**
 * The module that `scripts/build-kernels.ts` compiles: AssemblyScript, TypeScript's own dialect for WebAssembly.
 *
 * It works in a memory that it is given (that of tfjs's wasm backend, or one of its own) and owns nothing in it: no static data,
 * no heap, no growth. Every pointer comes from the caller, in bytes; `../reference.ts` defines what each function computes.
 */
export { packSigns, packSignAlpha, packElastic, packPanels, packColumns } from './pack';
export { multiplySigns, multiplyMask, sumPanels } from './multiply';
export { lookupSigns } from './lookup';
