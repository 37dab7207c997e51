import { deflateSync } from 'node:zlib';

/**
 * Files made in the tests, so that each one is wrong in exactly the way its name says.
 */

/** A grey 8-bit PNG; `grey` gives 0..255 for each pixel. Written by hand: signature, IHDR, one IDAT, IEND. */
export function makePng(width: number, height: number, grey: (x: number, y: number) => number): Buffer {
  const rows = Buffer.alloc(height * (width + 1)); // each row begins with its filter type, 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = grey(x, y);
  }
  return pngOf(width, height, deflateSync(rows));
}

/** A PNG whose header promises any size, over hardly any data. */
export function pngPromising(width: number, height: number): Buffer {
  return pngOf(width, height, deflateSync(Buffer.alloc(64)));
}

function pngOf(width: number, height: number, data: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8); // 8 bits, grey
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

export interface TensorSpec {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A `.safetensors` file of F32 tensors: length of the header, header, data. */
export function makeSafetensors(
  tensors: Readonly<Record<string, TensorSpec>>,
  metadata: Readonly<Record<string, string>>,
): Buffer {
  const header: Record<string, unknown> = { __metadata__: metadata };
  const pieces: Buffer[] = [];
  let offset = 0;
  for (const [key, { shape, values }] of Object.entries(tensors)) {
    const piece = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    header[key] = { dtype: 'F32', shape, data_offsets: [offset, offset + piece.length] };
    pieces.push(piece);
    offset += piece.length;
  }
  let text = JSON.stringify(header);
  text = text.padEnd(Math.ceil(text.length / 8) * 8, ' '); // the format aligns the data to 8 bytes
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, Buffer.from(text, 'utf8'), ...pieces]);
}

/** The family's full-precision architecture (28 x 28, patch 4), smaller: a checkpoint that loads, and can be spoilt. */
export function makeFamilyCheckpoint(
  options: { readonly embedDim?: number; readonly fill?: (index: number) => number } = {},
): {
  readonly tensors: Record<string, TensorSpec>;
  readonly metadata: Record<string, string>;
} {
  const { embedDim = 64, fill = (index) => 0.05 * Math.sin(index * 12.9898) } = options;
  const depth = 4;
  const hidden = 4 * embedDim;
  let seed = 0;
  const tensor = (...shape: number[]): TensorSpec => {
    const size = shape.reduce((product, axis) => product * axis, 1);
    return { shape, values: Float32Array.from({ length: size }, () => fill(seed++)) };
  };
  const norm = (): { weight: TensorSpec; bias: TensorSpec } => ({
    weight: { shape: [embedDim], values: new Float32Array(embedDim).fill(1) },
    bias: { shape: [embedDim], values: new Float32Array(embedDim) },
  });
  const tensors: Record<string, TensorSpec> = {
    cls_token: tensor(1, 1, embedDim),
    pos_embed: tensor(1, 50, embedDim),
    'patch_embed.proj.weight': tensor(embedDim, 1, 4, 4),
    'patch_embed.proj.bias': tensor(embedDim),
    'head.weight': tensor(10, embedDim),
    'head.bias': tensor(10),
  };
  const addNorm = (key: string): void => {
    const { weight, bias } = norm();
    tensors[`${key}.weight`] = weight;
    tensors[`${key}.bias`] = bias;
  };
  const addLinear = (key: string, out: number, into: number): void => {
    tensors[`${key}.weight`] = tensor(out, into);
    tensors[`${key}.bias`] = tensor(out);
  };
  addNorm('norm');
  for (let block = 0; block < depth; block++) {
    addNorm(`blocks.${block}.norm1`);
    addNorm(`blocks.${block}.norm2`);
    addLinear(`blocks.${block}.attn.qkv`, 3 * embedDim, embedDim);
    addLinear(`blocks.${block}.attn.proj`, embedDim, embedDim);
    addLinear(`blocks.${block}.mlp.fc1`, hidden, embedDim);
    addLinear(`blocks.${block}.mlp.fc2`, embedDim, hidden);
  }
  const config = {
    architecture: 'deit',
    quantization: 'none',
    imageSize: 28,
    patchSize: 4,
    inChannels: 1,
    embedDim,
    depth,
    numHeads: 4,
    mlpRatio: 4,
    numClasses: 10,
    distilled: false,
    normEps: 1e-6,
    qkNormEps: 1e-5,
  };
  return { tensors, metadata: { config: JSON.stringify(config) } };
}
