/** Where the wasm binaries of tfjs lie when the code runs in Node. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');

export const WASM_DIRECTORY = `${dirname(entry)}/`;
