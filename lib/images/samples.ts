/**
 * The ten classes of Fashion-MNIST (arXiv 1708.07747), by label.
 */
export const FASHION_MNIST_CLASSES = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
] as const;

/** Images of an IDX file, as they lie in it. */
export interface IdxImages {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  /** 0 background to 255, row by row, image after image. A view of the file's bytes, not a copy. */
  readonly data: Uint8Array; // [count, height, width]
}

/** A sample of the shipped test images. */
export interface Sample {
  readonly index: number;
  readonly label: number;
  readonly bytes: Uint8Array; // [height, width]
}

/** Thrown for a file that is not the IDX file it should be: the app's own data is broken, which is no fault of the person's picture. */
export class IdxError extends Error {
  override readonly name = 'IdxError';
}

/**
 * Parses an IDX file of unsigned bytes: 00 00, type 08, number of axes, each axis as a big-endian 32-bit length, then the values.
 * The length must agree exactly. Throws IdxError. Source: the description at the MNIST database's page (LeCun, Cortes, Burges).
 */
function parseIdx(bytes: Uint8Array, axes: number): { readonly shape: readonly number[]; readonly data: Uint8Array } {
  const headerBytes = 4 + 4 * axes;
  if (bytes.length < headerBytes)
    throw new IdxError(`an IDX header has ${headerBytes} bytes, the file only ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  const expected = 0x0800 + axes;
  if (magic !== expected)
    throw new IdxError(`magic number ${magic} instead of ${expected} (unsigned bytes, ${axes} axes)`);
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = shape.reduce((product, length) => product * length, 1);
  if (bytes.length - headerBytes !== size) {
    throw new IdxError(`${shape.join(' x ')} needs ${size} values, the file has ${bytes.length - headerBytes}`);
  }
  return { shape, data: bytes.subarray(headerBytes) };
}

/** An IDX3 file of images. Throws IdxError. */
export function parseIdxImages(bytes: Uint8Array): IdxImages {
  const { shape, data } = parseIdx(bytes, 3);
  const [count = 0, height = 0, width = 0] = shape;
  return { count, width, height, data };
}

/** An IDX1 file of labels, 0 to 255 each. Throws IdxError. */
export function parseIdxLabels(bytes: Uint8Array): Uint8Array {
  return parseIdx(bytes, 1).data; // [count]
}

/** Image `index` of a file, as a view. Shapes: [count, height, width] -> [height, width]. Throws RangeError outside 0..count-1. */
export function imageAt(images: IdxImages, index: number): Uint8Array {
  if (!Number.isInteger(index) || index < 0 || index >= images.count) {
    throw new RangeError(`image ${index} of ${images.count}`);
  }
  const area = images.width * images.height;
  return images.data.subarray(index * area, (index + 1) * area);
}

/** Images and labels joined. Throws IdxError when there are more of one than of the other, or a label has no class. */
export function joinSamples(images: IdxImages, labels: Uint8Array): readonly Sample[] {
  if (images.count !== labels.length) throw new IdxError(`${images.count} images and ${labels.length} labels`);
  return Array.from(labels, (label, index) => {
    if (label >= FASHION_MNIST_CLASSES.length) throw new IdxError(`label ${label} of image ${index} has no class`);
    return { index, label, bytes: imageAt(images, index) };
  });
}
