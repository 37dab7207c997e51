/**
 * The module that `scripts/build-kernels.ts` compiles: AssemblyScript, TypeScript's own dialect for WebAssembly.
 *
 * It works in a memory that it is given (that of tfjs's wasm backend, or one of its own) and owns nothing in it: no static data,
 * no heap, no growth. Every pointer comes from the caller, in bytes; `../reference.ts` defines what each function of `pack.ts` and
 * `multiply.ts` computes, the float path of the models what the others do.
 */
export { packSigns, packSignAlpha, packElastic, packPanels, packColumns } from './pack';
export { multiplySigns, multiplyMask, sumPanels } from './multiply';
export { lookupSigns, lookupAdd, lookupBits, lookupBytes } from './linear';
export { packBytes, keyPanels, valuePanels } from './heads';
export { attend } from './attention';
export { normSigns, normRows } from './norm';
export { patchRows, dense, meanRows, signLevels, scaleColumns, gatherRows, copyBytes } from './dense';
