/**
 * Takes a model's parameters out of a checkpoint: each layer asks for what it needs, by name and shape; what nobody asked for is
 * refused at the end, and so is what was missing, all of it together. So every shape stands once, beside the layer that it belongs to.
 */
import { CheckpointError, MissingTensorsError, shortName, type CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import { checkpointKey } from '@/lib/checkpoints/key-map';
import { bytesPerRow, unpackSigns } from '@/lib/checkpoints/sign-bits';
import { tf } from '@/lib/tf';

/** A key of the checkpoint that the model has no use for, and why. */
export interface IgnoredKey {
  readonly key: string;
  readonly why: string;
}

/** What the readers of one checkpoint have in common. */
interface Shared {
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  readonly used: Set<string>;
  /** Once one is missing no tensor is made any more: what there is, is only looked at. */
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
    const shared = { tensors, used: new Set<string>(), missing: new Set<string>(), ignored: [] };
    return new ParameterReader('', { ...shared, parameters: new Map(), constants: [] });
  }

  /** What lies under `name`: `reader.in('blocks.0').in('attn')`. Names are camelCased, as everywhere in this code. */
  in(name: string): ParameterReader {
    return new ParameterReader(`${this.prefix}${name}.`, this.shared);
  }

  has(name: string): boolean {
    return this.shared.tensors.has(this.key(name));
  }

  /** What gradients are taken with respect to. @throws CheckpointError when misshapen or not finite */
  parameter<R extends tf.Rank>(name: string, shape: tf.ShapeMap[R]): tf.Tensor<R> {
    const floats = this.floats(name, shape);
    if (floats === null || this.isIncomplete) return this.placeholder();
    const tensor = tf.tensor<R>(floats, shape);
    this.shared.parameters.set(this.key(name), tensor);
    return tensor;
  }

  /** As `parameter`, for what is divided by. @throws CheckpointError also when a value is 0 */
  nonZero(name: string, shape: [number]): tf.Tensor1D {
    if (this.floats(name, shape)?.includes(0))
      throw this.refusal(name, 'holds a scale of 0, by which nothing can be divided');
    return this.parameter<tf.Rank.R1>(name, shape);
  }

  /** What stays as it is. @throws CheckpointError as `parameter` */
  constant<R extends tf.Rank>(name: string, shape: tf.ShapeMap[R]): tf.Tensor<R> {
    const floats = this.floats(name, shape);
    return this.made(() => tf.tensor<R>(floats ?? [], shape));
  }

  /**
   * What is made of a tensor, which itself is not kept; gradients with respect to it there are none.
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
    if (tensor === null) return this.placeholder();
    const { dtype, data } = tensor;
    if (dtype !== 'U8') throw this.refusal(name, `is of type ${dtype} where bits (U8) belong`);
    return this.made(() => tf.tensor2d(unpackSigns(data, rows, columns), [rows, columns]));
  }

  /** Says why a key, if it is there, is not used. */
  ignore(name: string, why: string): void {
    if (!this.has(name)) return;
    this.shared.used.add(this.key(name));
    this.shared.ignored.push({ key: this.key(name), why });
  }

  refusal(name: string, what: string): CheckpointError {
    return new CheckpointError(
      `The tensor "${this.key(name)}" ${what}. Choose a checkpoint that fits its configuration.`,
    );
  }

  /**
   * @throws MissingTensorsError when something was asked for that the checkpoint has not
   * @throws CheckpointError when the checkpoint holds keys that nobody asked for
   */
  finish(): { readonly parameters: ReadonlyMap<string, tf.Tensor>; readonly ignored: readonly IgnoredKey[] } {
    const { tensors, used, missing, parameters, ignored } = this.shared;
    const left = [...tensors.keys()].filter((key) => !used.has(key));
    if (missing.size > 0) {
      const without = new Set(ignored.map(({ key }) => key));
      const stray = left.map((key) => ({
        key: shortName(key),
        why: 'A model of this configuration has no place for it.',
      }));
      throw new MissingTensorsError(
        [...missing],
        [...used].filter((key) => !without.has(key)),
        [...ignored, ...stray],
      );
    }
    if (left.length > 0) {
      const named = left.slice(0, 3).map((key) => `"${shortName(key)}"`);
      const more = left.length > named.length ? ` and ${left.length - named.length} more` : '';
      throw new CheckpointError(
        `The checkpoint holds tensors that its configuration has no place for: ${named.join(', ')}${more}. Correct the configuration in its header, or choose another checkpoint.`,
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

  /** In the place of a tensor, in a model that `finish` refuses. */
  private placeholder<T extends tf.Tensor>(): T {
    return this.own(tf.scalar(0) as tf.Tensor as T);
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
    const tensor = this.shared.tensors.get(this.key(name));
    if (tensor === undefined) {
      this.shared.missing.add(this.key(name));
      return null;
    }
    if (tensor.shape.length !== shape.length || shape.some((n, axis) => n !== tensor.shape[axis])) {
      throw this.refusal(name, `has shape [${tensor.shape.join(', ')}] where [${shape.join(', ')}] belongs`);
    }
    this.shared.used.add(this.key(name));
    return tensor;
  }

  /** A tensor that is computed from sizes alone and lives as long as the model; not computed for a model that `finish` refuses. */
  made<T extends tf.Tensor>(make: () => T): T {
    return this.isIncomplete ? this.placeholder() : this.own(make());
  }

  /** A tensor that lives as long as the model. */
  own<T extends tf.Tensor>(tensor: T): T {
    this.shared.constants.push(tensor);
    return tensor;
  }

  private key(name: string): string {
    return checkpointKey(this.prefix + name);
  }
}
