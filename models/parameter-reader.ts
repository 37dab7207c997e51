/**
 * Takes a model's parameters out of a checkpoint: each layer asks for what it needs, by name and shape. `finish` rejects a checkpoint
 * with tensors missing or left over and names all of them, so every shape is stated once, beside its layer.
 */
import { CheckpointError, MissingTensorsError, shortName, type CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import { checkpointKey } from '@/lib/checkpoints/rename-keys';
import { bytesPerRow, unpackSigns } from '@/lib/checkpoints/sign-bits';
import { tf } from '@/lib/tf';

/** A key of the checkpoint that the model does not use, and why. */
export interface IgnoredKey {
  readonly key: string;
  readonly why: string;
}

/** What the readers of one checkpoint share. */
interface Shared {
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** Of every tensor asked for, found or missing. */
  readonly shapes: Map<string, readonly number[]>;
  readonly used: Set<string>;
  /** Once one is missing, no more tensors are created; the rest is only checked. */
  readonly missing: Set<string>;
  readonly parameters: Map<string, tf.Tensor>;
  readonly constants: tf.Tensor[];
  readonly ignored: IgnoredKey[];
}

export class ParameterReader {
  private constructor(
    private readonly prefix: string,
    private readonly shared: Shared,
  ) {}

  static of(tensors: ReadonlyMap<string, CheckpointTensor>): ParameterReader {
    const [shapes, parameters] = [new Map<string, readonly number[]>(), new Map<string, tf.Tensor>()];
    const [used, missing] = [new Set<string>(), new Set<string>()];
    return new ParameterReader('', { tensors, shapes, used, missing, parameters, constants: [], ignored: [] });
  }

  /** What lies under `name`: `reader.in('blocks.0').in('attn')`. Names are camelCased, as everywhere in this code. */
  in(name: string): ParameterReader {
    return new ParameterReader(`${this.prefix}${name}.`, this.shared);
  }

  /** What has been asked for so far, by its key in the checkpoint. */
  get shapes(): ReadonlyMap<string, readonly number[]> {
    return this.shared.shapes;
  }

  has(name: string): boolean {
    return this.shared.tensors.has(this.key(name));
  }

  /** A tensor that has gradients. @throws CheckpointError when misshapen or not finite */
  parameter<R extends tf.Rank>(name: string, shape: tf.ShapeMap[R]): tf.Tensor<R> {
    const floats = this.floats(name, shape);
    if (floats === null || this.isIncomplete) return placeholder();
    const tensor = tf.tensor<R>(floats, shape);
    this.shared.parameters.set(this.key(name), tensor);
    return tensor;
  }

  /** As `parameter`, for a divisor. @throws CheckpointError also when a value is 0 */
  nonZero(name: string, shape: [number]): tf.Tensor1D {
    if (this.floats(name, shape)?.includes(0))
      throw this.refusal(name, 'holds a scale of 0, by which nothing can be divided');
    return this.parameter<tf.Rank.R1>(name, shape);
  }

  /** A tensor without gradients. @throws CheckpointError as `parameter` */
  constant<R extends tf.Rank>(name: string, shape: tf.ShapeMap[R]): tf.Tensor<R> {
    const floats = this.floats(name, shape);
    return this.made(() => tf.tensor<R>(floats ?? [], shape));
  }

  /**
   * Tensors computed from one of the checkpoint, which itself is not kept and has no gradient.
   *
   * @throws CheckpointError as `parameter`, and at once when it is missing
   */
  derived<R extends tf.Rank, Made extends { readonly [part: string]: tf.Tensor }>(
    name: string,
    shape: tf.ShapeMap[R],
    make: (tensor: tf.Tensor<R>) => Made,
  ): Made {
    const floats = this.floats(name, shape);
    if (floats === null) throw this.refusal(name, 'is missing');
    const made = tf.tidy(() => make(tf.tensor<R>(floats, shape)));
    for (const part of Object.values(made)) this.own(part);
    return made;
  }

  /** +-1 out of bits. @throws CheckpointError when misshapen */
  signs(name: string, rows: number, columns: number): tf.Tensor2D {
    const tensor = this.find(name, [rows, bytesPerRow(columns)]);
    if (tensor === null) return placeholder();
    const { dtype, data } = tensor;
    if (dtype !== 'U8') throw this.refusal(name, `is of type ${dtype} where bits (U8) belong`);
    return this.made(() => tf.tensor2d(unpackSigns(data, rows, columns), [rows, columns]));
  }

  /** A tensor computed from sizes alone that lives as long as the model. */
  made<T extends tf.Tensor>(make: () => T): T {
    return this.isIncomplete ? placeholder() : this.own(make());
  }

  /** Keeps a tensor until the model is disposed. */
  own<T extends tf.Tensor>(tensor: T): T {
    this.shared.constants.push(tensor);
    return tensor;
  }

  /** Accepts a key that is not used, if it is there. */
  ignore(name: string, why: string): void {
    if (!this.has(name)) return;
    this.shared.used.add(this.key(name));
    this.shared.ignored.push({ key: this.key(name), why });
  }

  /**
   * @throws MissingTensorsError when the checkpoint lacks something that was asked for
   * @throws CheckpointError when it holds keys that were not asked for
   */
  finish(): { readonly parameters: ReadonlyMap<string, tf.Tensor>; readonly ignored: readonly IgnoredKey[] } {
    const { tensors, used, missing, parameters, ignored } = this.shared;
    const left = [...tensors.keys()].filter((key) => !used.has(key)).map(shortName);
    if (missing.size > 0) {
      const unused = new Set(ignored.map(({ key }) => key));
      const stray = left.map((key) => ({ key, why: 'A model of this configuration has no such tensor.' }));
      throw new MissingTensorsError(
        [...missing],
        [...used].filter((key) => !unused.has(key)),
        [...ignored, ...stray],
      );
    }
    if (left.length > 0) {
      const named = left.slice(0, 3).map((key) => `"${key}"`);
      const more = left.length > named.length ? ` and ${left.length - named.length} more` : '';
      throw new CheckpointError(
        `The checkpoint holds tensors that do not belong to its configuration: ${named.join(', ')}${more}. Correct the configuration in its header, or choose another checkpoint.`,
      );
    }
    return { parameters, ignored };
  }

  dispose(): void {
    tf.dispose([...this.shared.parameters.values(), ...this.shared.constants]);
  }

  private get isIncomplete(): boolean {
    return this.shared.missing.size > 0;
  }

  private refusal(name: string, what: string): CheckpointError {
    return new CheckpointError(
      `The tensor "${this.key(name)}" ${what}. Choose a checkpoint that fits its configuration.`,
    );
  }

  /** `null`: missing. */
  private floats(name: string, shape: readonly number[]): Float32Array | null {
    const tensor = this.find(name, shape);
    if (tensor === null) return null;
    const { dtype, data } = tensor;
    if (!(data instanceof Float32Array)) throw this.refusal(name, `is of type ${dtype} where floats belong`);
    if (!data.every(Number.isFinite))
      throw this.refusal(name, 'holds NaN or infinite values, so its training diverged or the file is damaged');
    return data;
  }

  /** `null`: missing, which is noted. */
  private find(name: string, shape: readonly number[]): CheckpointTensor | null {
    const key = this.key(name);
    const tensor = this.shared.tensors.get(key);
    this.shared.shapes.set(key, shape);
    if (tensor === undefined) {
      this.shared.missing.add(key);
      return null;
    }
    if (tensor.shape.length !== shape.length || shape.some((n, axis) => n !== tensor.shape[axis])) {
      throw this.refusal(name, `has shape [${tensor.shape.join(', ')}] where [${shape.join(', ')}] belongs`);
    }
    this.shared.used.add(key);
    return tensor;
  }

  private key(name: string): string {
    return checkpointKey(this.prefix + name);
  }
}

/** Stands for a tensor in a model that `finish` rejects; nothing may compute with it. */
function placeholder<T extends tf.Tensor>(): T {
  return {} as T;
}
